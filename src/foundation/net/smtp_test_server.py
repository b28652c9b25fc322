"""A mail server on loopback with STARTTLS and sign-in: aiosmtpd, for smtp_test.cpp.

Prints its port, then each message it took as one JSON object a line; ends with its standard input.
Recipients "gone@..." are refused for good, "busy@..." for now.

    smtp_test_server.py CERTIFICATE KEY      offers STARTTLS and takes mail over it only
    smtp_test_server.py                      offers no TLS
"""

import asyncio
import json
import logging
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address.startswith("gone@"):
            return "550 no such mailbox"
        if address.startswith("busy@"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = {"from": envelope.mail_from, "to": envelope.rcpt_tos,
                   "text": envelope.original_content.decode(), "tls": session.ssl is not None,
                   "authenticated": bool(session.authenticated)}
        print(json.dumps(message), flush=True)
        return "250 taken"


def check(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"astrolabe", b"right"))


def make_session():
    context = None
    if len(sys.argv) > 2:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
    return SMTP(Handler(), tls_context=context, require_starttls=context is not None,
                authenticator=check, auth_require_tls=context is not None)


logging.disable(logging.CRITICAL)
loop = asyncio.new_event_loop()
server = loop.run_until_complete(loop.create_server(make_session, "127.0.0.1", 0))
print(server.sockets[0].getsockname()[1], flush=True)
loop.add_reader(sys.stdin, loop.stop)
loop.run_forever()
