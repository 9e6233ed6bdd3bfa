"""Debian's Firefox by its own protocol, WebDriver BiDi: what the tests of pages need of it.

No driver program stands between: geckodriver is in no registry that tests can reach as a package,
and playwright drives only a Firefox of its own.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager

import pytest
import websocket

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
needs_firefox = pytest.mark.skipif(
    FIREFOX is None, reason="Firefox is not installed (Debian: apt-get install firefox-esr)"
)
#: Seconds that Firefox may take to start, or a page to become what is waited for.
PATIENCE = 60
_LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")


class Tab:
    """A page in Firefox. `problems`: what its console warned of, and errors of its scripts."""

    def __init__(self, wire, context):
        self._wire, self._context = wire, context
        self.problems: list[str] = []

    def ask(self, method, **parameters):
        """A command of BiDi and its result; what Firefox tells meanwhile is looked through."""
        wanted = self._wire.say(method, parameters)
        while True:
            heard = self._wire.hear()
            if heard.get("type") == "event":
                found = heard["params"]
                if found.get("level") in ("error", "warn"):
                    self.problems.append(found.get("text") or str(found))
            elif heard.get("id") == wanted:
                if heard["type"] == "error":
                    raise AssertionError(f"{method}: {heard['message']}")
                return heard["result"]

    def goto(self, url):
        self.ask("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def value(self, expression):
        """What a script finds, as a value that JSON can hold."""
        found = self.ask(
            "script.evaluate", expression=f"(async () => JSON.stringify(await ({expression})))()",
            target={"context": self._context}, awaitPromise=True,
        )  # fmt: skip
        assert found["type"] == "success", found
        return json.loads(found["result"].get("value", "null"))

    def wait_for(self, expression):
        """The value of an expression when it is true."""
        until = time.monotonic() + PATIENCE
        while not (found := self.value(expression)):
            assert time.monotonic() < until, f"still not: {expression}"
            time.sleep(0.1)
        return found

    def _keys(self, element, text):
        self.value(f"document.querySelector({json.dumps(element)}).focus()")
        pressed = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self.ask(
            "input.performActions", context=self._context,
            actions=[{"type": "key", "id": "keys", "actions": pressed}],
        )  # fmt: skip

    def type(self, element, text):
        """Type into a field as a person does."""
        self._keys(element, text)

    def press_enter(self, element):
        self._keys(element, "\ue007")

    def choose(self, element, value):
        """An option of a list; the form is told, as when a person chooses."""
        self.value(
            f"(e => {{ e.value = {json.dumps(value)};"
            " e.dispatchEvent(new Event('change', { bubbles: true })); })"
            f"(document.querySelector({json.dumps(element)}))"
        )


class _Wire:
    def __init__(self, address):
        self._socket = websocket.create_connection(
            address, timeout=PATIENCE, suppress_origin=True, max_size=None
        )
        self._last = 0

    def say(self, method, parameters):
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": parameters}))
        return self._last

    def hear(self):
        return json.loads(self._socket.recv())

    def close(self):
        self._socket.close()


@contextmanager
def firefox():
    """A headless Firefox with a profile of its own; opens tabs."""
    with tempfile.TemporaryDirectory() as profile, tempfile.TemporaryFile("w+") as said:
        running = subprocess.Popen(
            [FIREFOX, "--headless", "--no-remote", "--profile", profile,
             "--remote-debugging-port", "0", "about:blank"],
            stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            wire = _Wire(f"{_address(running, said)}/session")
            opener = Tab(wire, None)
            opener.ask("session.new", capabilities={})
            opener.ask("session.subscribe", events=["log.entryAdded"])

            def open_tab(url, width=1280, height=900) -> Tab:
                made = opener.ask("browsingContext.create", type="tab")["context"]
                tab = Tab(wire, made)
                size = {"width": width, "height": height}
                tab.ask("browsingContext.setViewport", context=made, viewport=size)
                tab.goto(url)
                return tab

            yield open_tab
            wire.close()
        finally:
            running.terminate()
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


def _address(running, said):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and running.poll() is None:
        said.seek(0)
        if found := _LISTENING.search(said.read()):
            return found[1]
        time.sleep(0.1)
    said.seek(0)
    raise AssertionError(f"Firefox did not start: {said.read()[-500:]}")
