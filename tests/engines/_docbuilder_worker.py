"""Drives ONLYOFFICE's document builder in a process of its own; run as a script.

Usage: _docbuilder_worker.py FOLDER (for temporary files).  One JSON request a line on
standard input, one JSON answer a line on standard output; ends when standard input
does.  In a process of its own because the native library prints to standard output and
crashes Python where a call is out of order, and often at exit.
"""

from __future__ import annotations

import json
import os
import sys
from decimal import Decimal
from typing import Any

SCRIPT = """
globalThis.harness = {
  cell: function (at) {
    return Api.GetSheet(at[0]).GetRange(at[1]);
  },
  // The apostrophe that a clerk types before a text that would pass for something else.
  guarded: function (range, text) {
    if (range.GetNumberFormat() === "@") return text;
    var plain = /^\\p{L}\\P{Nd}*$/u.test(text) && !/^(true|false)$/i.test(text);
    return plain ? text : "'" + text;
  },
  put: function (range, kind, text) {
    if (kind === "none") {
      range.ClearContents();
      return;
    }
    range.SetValue(kind === "text" ? harness.guarded(range, text) : text);
    if (kind === "formula") return;
    var value = range.GetValue();
    var wanted = kind === "number" ? Number(text) : kind === "text" ? text
      : text === "TRUE";
    if (value !== wanted)
      throw new Error("typed " + text + ", the cell holds " + value);
  },
  recalculate: function () {
    // Not Api.RecalculateAllFormulas: that takes each formula once, whatever the order.
    Asc.editor.asc_calculate(Asc.c_oAscCalculateType.All);
  },
  move: function (moves) {
    moves.forEach(function (one) {
      harness.cell([one[0], one[1]]).Cut(harness.cell([one[0], one[2]]));
    });
  },
  // Typing recalculates all that depends on the cell, each time: a fifth of a second in
  // our workbook. Held back as the product itself does around a paste, it is done once.
  held: function (work, calculates) {
    var gate = harness.gate();
    gate.close();
    try {
      work();
    } finally {
      gate.open(!calculates);
    }
  },
  // The product's counter of who holds its calculation back has no public name, so it is
  // known by its text. In a version where it is not found, nothing is held back.
  gate: function () {
    var level = [Api.GetSheet(0).GetRange("A1")], seen = new Set(level);
    for (var depth = 0; depth < 5; depth++) {
      var next = [];
      for (var one of level) {
        var gate = harness.gateOf(one);
        if (gate) return gate;
        for (var value of Object.values(one))
          if (value && typeof value === "object" && !seen.has(value)) {
            seen.add(value);
            next.push(value);
          }
      }
      level = next;
    }
    return {close: function () {}, open: function () {}};
  },
  gateOf: function (object) {
    var made = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(object) || {});
    var close = null, open = null;
    for (var name in made) {
      if (typeof made[name].value !== "function") continue;
      var text = made[name].value.toString();
      if (/^function\\(\\)\\{\\+\\+this\\.\\w+\\}$/.test(text)) close = name;
      if (/^function\\([\\w,]*\\)\\{0<this\\.(\\w+)&&--this\\.\\1;/.test(text))
        open = name;
    }
    return close && open && {
      close: function () { object[close](); },
      open: function (unasked) { object[open](unasked); }
    };
  },
  type: function (entries) {
    entries.forEach(function (one) {
      harness.put(harness.cell(one[0]), one[1], one[2]);
    });
  },
  fill: function (entries) {
    harness.held(function () { harness.type(entries); }, false);
    harness.recalculate();
  },
  open: function (plan) {
    var formulas = new Set(plan.formulas.map(String));
    harness.original = new Map(plan.cells.map(function (at) {
      return [String(at), harness.content(at, formulas.has(String(at)))];
    }));
    harness.results = plan.results.map(harness.cell);
    harness.typed = [];
    harness.recalculate();
  },
  content: function (at, formula) {
    var range = harness.cell(at);
    if (formula) return [at, "formula", range.GetFormula()];
    var value = range.GetValue();
    if (value === "") return [at, "none", ""];
    if (typeof value === "boolean") return [at, "logical", String(value).toUpperCase()];
    return [at, typeof value === "number" ? "number" : "text", String(value)];
  },
  run: function (entries) {
    harness.held(function () {
      harness.type(harness.typed.map(function (one) {
        return harness.original.get(String(one[0]));
      }));
      harness.type(entries);
    }, true);
    harness.typed = entries;
    return harness.results.map(function (range) { return range.GetValue(); });
  },
  answer: function (method, argument) {
    try {
      var answer = harness[method](argument);
      return JSON.stringify({answer: answer === undefined ? null : answer});
    } catch (error) {
      return JSON.stringify({error: String(error)});
    }
  }
};
"""


class Office:
    """The builder with one workbook open at a time."""

    def __init__(self, folder: str) -> None:
        import docbuilder

        self.builder = docbuilder.CDocBuilder()
        self.builder.SetTmpFolder(folder)
        self.context: Any = None

    def open(self, path: str) -> None:
        """Open a workbook and give it the script."""
        if self.builder.OpenFile(path, "") != 0:
            raise RuntimeError("ONLYOFFICE did not open the workbook")
        # Each file has a context of its own; without one, the next call crashes.
        self.context = self.builder.GetContext()
        self.builder.ExecuteCommand(SCRIPT)

    def call(self, method: str, argument: object) -> Any:
        """The value of a function of the script."""
        value = self.context.CreateUndefined()
        command = f'harness.answer("{method}", {json.dumps(argument)})'
        if not self.builder.ExecuteCommand(command, value):
            raise RuntimeError(f"the script failed at {method}")
        answer = json.loads(value.ToString(), parse_int=float)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["answer"]

    def save(self, path: str) -> None:
        """Write the workbook."""
        if self.builder.SaveFile(path.rpartition(".")[2], path) != 0:
            raise RuntimeError("ONLYOFFICE did not save the workbook")

    def close(self) -> None:
        """Let the workbook go."""
        self.context = None
        self.builder.CloseFile()


def keys(value: Any) -> tuple[str, str]:
    """The kind of a value and the keys that a clerk types for it."""
    if value is None:
        return "none", ""
    if isinstance(value, bool):
        return "logical", str(value).upper()
    if isinstance(value, str):
        return "text", value
    return "number", f"{Decimal(repr(value)):f}"  # 1E-7 would change the number format


def entries(cells: list[Any], fill: list[Any]) -> list[list[Any]]:
    """The cells of a fill, each with what is typed there."""
    return [[cells[index], *keys(value)] for index, value in fill]


class Server:
    """Answers the requests."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.cells: list[Any] = []

    def fill(self, request: dict[str, Any]) -> None:
        """Open, enter, recalculate, save, close."""
        self.office.open(request["source"])
        try:
            self.office.call("move", request["moves"])
            self.office.call("fill", entries(request["cells"], request["fill"]))
            self.office.save(request["target"])
        finally:
            self.office.close()

    def convert(self, request: dict[str, Any]) -> None:
        """Open, recalculate, save in the format that the target's name tells."""
        self.office.open(request["source"])
        try:
            self.office.call("recalculate", None)
            self.office.save(request["target"])
        finally:
            self.office.close()

    def open(self, request: dict[str, Any]) -> None:
        """Open a workbook for `run`."""
        self.office.open(request["source"])
        self.cells = request["cells"]
        self.office.call("open", request)

    def run(self, request: dict[str, Any]) -> list[Any]:
        """Each fill's results."""
        return [
            self.office.call("run", entries(self.cells, fill))
            for fill in request["fills"]
        ]

    def close(self, _request: dict[str, Any]) -> None:
        """Close what `open` opened."""
        self.office.close()


def answer(server: Server, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request, failures included."""
    try:
        return {"answer": getattr(server, request["do"])(request)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def main() -> None:
    """Serve until standard input ends."""
    # The library's own messages go where the other noise goes.
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    server = Server(Office(sys.argv[1]))
    print(json.dumps({"answer": "ready"}), file=replies, flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(server, json.loads(line))), file=replies, flush=True)
    replies.close()
    os._exit(0)  # its own way out crashes


if __name__ == "__main__":
    main()
