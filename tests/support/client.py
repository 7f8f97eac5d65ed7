"""Has a command run by the warm process of `warm_commands.py`, and ends as the command ends.

Called with the address of that process and the words of the command. It starts once for each
command, so that it imports next to nothing.
"""

import json
import os
import socket
import sys

address, *words = sys.argv[1:]
folder = os.getcwd()  # noqa: PTH109 - what it would import takes longer than all else
job = {"words": words, "folder": folder, "environment": dict(os.environ)}
with socket.socket(socket.AF_UNIX) as connection:
    connection.connect(address)
    socket.send_fds(connection, [b"."], [0, 1, 2])
    connection.sendall(json.dumps(job).encode())
    connection.shutdown(socket.SHUT_WR)
    code = connection.recv(8)
sys.exit(int(code or b"70"))
