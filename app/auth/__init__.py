"""Who asks: a credential → a viewer.

    authenticator = Authenticator(database, settings)
    viewer = await authenticator(scope)     # of an HTTP request, or a WebSocket that was initialised

In order of control flow:

- `credentials`    headers, cookie or connection parameters → the letters of a token; pure
- `addresses`      where a request comes from; pure
- `attempts`       who sent wrong ones has to wait; pure
- `issuers`        a JWT → the subject that an OpenID Connect provider signed it for
- `authenticator`  letters → the viewer they stand for, looked up at most once in a few seconds
"""

from app.auth.addresses import address_of, network_of
from app.auth.authenticator import Authenticator, Recollecting, SignedIn, ViewerProvider
from app.auth.credentials import is_same_origin, name_cookie

__all__ = [
    "Authenticator",
    "Recollecting",
    "SignedIn",
    "ViewerProvider",
    "address_of",
    "is_same_origin",
    "name_cookie",
    "network_of",
]
