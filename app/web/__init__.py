"""The HTTP application: GraphQL over HTTP, health, and the workbench.

    create_app(engine, database, viewer, settings)   an ASGI application

In order of control flow:

- `server`       uvicorn, on a socket that listens already
- `application`  where a request goes; whether the service is ready
- `origins`      by which names, and from which other origins, it may be asked
- `endpoint`     one GraphQL request: read, run by the engine, answered
- `connections`  how long, and how late, the head of a request may be
- `protocol`     HTTP on one connection: what goes the direct way is taken out there
- `revalidation` whether a client has the answer already: ETag and 304
- `direct`       a known query, answered without a task
- `frames`       what a client may send on a WebSocket
- `crowds`       how many connections may be open
- `seats`        how many sockets and streams may be open
- `room`         how much may be held of bodies and messages that have no end yet
- `stalls`       clients that do not read what is sent to them
- `negotiation`  Accept and Content-Type
- `parameters`   the body or the URL → query, variables, operation name
- `persisted`    documents by their ids: known ones, and those that clients register
- `operations`   parameters → the operation they mean
- `batches`      several requests in one body
- `outlets`      whether what is said next to who follows events goes out at once
- `streams`      an answer as Server-Sent Events
- `reservations` one stream for many operations
- `sockets`      operations over a WebSocket
- `refusals`     what HTTP itself is refused with
- `asgi`         the shapes of ASGI
- `metrics`      what Prometheus reads
- `records`      request ids and one line of the log a request
- `signing_in`   a link or a token → a browser's cookie
- `workbench`    the researchers' page, out of static/
- `welcome`      the page at / where the workbench is not built, and the queries it shows
"""

from app.web.application import create_app
from app.web.welcome import read_queries

__all__ = ["create_app", "read_queries"]
