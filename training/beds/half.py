"""Float16 storage of an ONNX file's weights."""
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def half_storage(path: Path) -> None:
    """Stores float32 initializers as float16 followed by Cast, which runtimes fold at load; inputs, outputs and
    arithmetic stay float32. Initializers of fewer than 16 numbers stay as they are."""
    model = onnx.load(str(path))
    casts = []
    for i, tensor in enumerate(model.graph.initializer):
        if tensor.data_type != TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(tensor)
        if values.size < 16:
            continue
        name = tensor.name
        model.graph.initializer[i].CopyFrom(numpy_helper.from_array(values.astype(np.float16), name + "_fp16"))
        casts.append(helper.make_node("Cast", [name + "_fp16"], [name], to=TensorProto.FLOAT, name=name + "/Cast"))
    for cast in reversed(casts):
        model.graph.node.insert(0, cast)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
