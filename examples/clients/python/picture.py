"""gql in Python: everything over one WebSocket."""

import asyncio
import os
from base64 import b64decode
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlretrieve

from gql import Client, gql
from gql.transport.websockets import WebsocketsTransport

SERVER = os.environ.get("PARTERRE_URL", "http://127.0.0.1:8000")
KEY = os.environ.get("PARTERRE_KEY")  # a server that asks for no keys needs none

GENERATE = gql("""
  mutation Generate($input: GenerateInput!) {
    generate(input: $input) { __typename ... on Generation { id } ... on Error { message } }
  }
""")
WATCH = gql("""
  subscription Watch($id: ID!) {
    generationEvents(id: $id, after: 0, preview: { format: PNG }) {
      __typename
      ... on GenerationPreviewEvent { image { dataUrl } }
      ... on GenerationCompletedEvent { generation { status error { message } image { url } } }
    }
  }
""")
REGIONS = [{"prompt": "a sailboat, ocean"}, {"prompt": "a fox, forest"}, {"prompt": "a rocket, space"}]
LAYOUT = {"grid": {"direction": "COLUMNS", "ratios": "1,1,1"}, "regions": REGIONS}
INPUT = {"model": "beds-256-lcm", "width": 384, "height": 128, "layout": LAYOUT}


async def main() -> None:
    transport = WebsocketsTransport(
        url=SERVER.replace("http", "ws", 1) + "/graphql",
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],  # else gql may speak an older protocol
        init_payload={"authorization": f"Bearer {KEY}"} if KEY else {},
    )
    async with Client(transport=transport) as session:
        generate = (await session.execute(GENERATE, variable_values={"input": INPUT}))["generate"]
        if generate["__typename"] != "Generation":
            raise SystemExit(generate["message"])
        previews = 0
        async for result in session.subscribe(WATCH, variable_values={"id": generate["id"]}):
            event = result["generationEvents"]
            if event["__typename"] == "GenerationPreviewEvent":
                previews += 1
                Path("preview.png").write_bytes(b64decode(event["image"]["dataUrl"].split(",")[1]))
            elif event["__typename"] == "GenerationCompletedEvent":
                generation = event["generation"]
                if generation["image"] is None:
                    raise SystemExit(f"The generation ended {generation['status']}: {generation['error']}")
                urlretrieve(urljoin(SERVER, generation["image"]["url"]), "picture.png")
                print(f"gql in Python: picture.png after {previews} previews")


asyncio.run(main())
