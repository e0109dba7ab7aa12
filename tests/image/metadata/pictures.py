"""Writes pictures.json: 4 x 4 pictures with texts, by Pillow, as web UIs and ComfyUI save them. pip install pillow==13.0.0"""

import base64
import io
import json
import pathlib

from PIL import Image, PngImagePlugin

PARAMETERS = (
    "a fox BREAK an owl ü\nNegative prompt: blurry\n"
    "Steps: 20, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 42, Size: 512x768"
)
XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">fox ü</rdf:li>
</rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def written(format, **options):
    file = io.BytesIO()
    Image.new("RGB", (4, 4), (200, 100, 50)).save(file, format, **options)
    return base64.b64encode(file.getvalue()).decode()


def png(add):
    info = PngImagePlugin.PngInfo()
    add(info)
    return written("PNG", pnginfo=info)


def exif(encoding="utf-16-be", comfy=True):
    """A user comment as piexif writes it, and the two tags that ComfyUI uses in WebP files."""
    block = Image.Exif()
    block.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + PARAMETERS.encode(encoding)
    if comfy:
        block[0x010F] = 'workflow:{"nodes": []}'
        block[0x0110] = 'prompt:{"1": {}}'
    return block.tobytes()


files = {
    "pngLatin": png(lambda info: info.add_text("parameters", PARAMETERS)),
    "pngPacked": png(lambda info: info.add_text("parameters", PARAMETERS, zip=True)),
    "pngUnicode": png(lambda info: (info.add_itxt("parameters", PARAMETERS), info.add_text("Comment", "by hand"))),
    "pngUnicodePacked": png(lambda info: info.add_itxt("parameters", PARAMETERS, zip=True)),
    "pngExif": written("PNG", exif=exif()),
    "jpeg": written("JPEG", exif=exif(), comment=b"in a comment", xmp=XMP),
    "jpegComment": written("JPEG", exif=exif("utf-16-le", comfy=False)),
    "webpComment": written("WEBP", exif=exif(comfy=False)),
    "webp": written("WEBP", exif=exif(), xmp=XMP),
    "plain": written("PNG"),
}
path = pathlib.Path(__file__).with_name("pictures.json")
path.write_text(json.dumps({"parameters": PARAMETERS, "files": files}, indent=2, ensure_ascii=False) + "\n")
