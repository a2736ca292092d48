"""Writes `../<scheme>.json`, one for every provider: deliveries, with what others say of them and what Hookline must.

Run it by `./just vectors`, which brings the pinned packages along. Its output is committed: the tests need neither
Python nor the packages. `python generate.py stripe` writes only that one.

A delivery is made in `cases.py` from a sender of `official.py`, `official_more.py` or `documented.py`. Its witnesses
are the provider's packages (Python, Node) or the check written from the documentation. Where a witness and the
expected verdict differ, `reasons.py` must say why, or nothing is written.
"""

import base64
import importlib.metadata
import json
import logging
import pathlib
import subprocess
import sys

import time_machine

import documented
import official
import official_more
import reasons
from cases import LARGE_BODY, cases
from senders import Listed, Sender, Token

HERE = pathlib.Path(__file__).parent
DOCUMENTED = HERE.parent.parent / "documented"


def senders():
    bases = (Sender, Listed, Token)
    found = {}
    for module in (official, official_more, documented):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Sender) and value not in bases:
                found[value.name] = value()
    return dict(sorted(found.items()))


def witnesses(sender):
    """Who is asked, by the name that the file gives them: (their description, the check)."""
    asked = {}
    if getattr(sender, "package", None):
        version = importlib.metadata.version(sender.package)
        asked["python"] = (f"{sender.package} {version} (PyPI)", sender.check)
    if hasattr(sender, "documentation"):
        check = getattr(sender, "check_documented", sender.check)
        asked["documentation"] = (sender.documentation, check)
    return asked


def genuine(check, delivery):
    with time_machine.travel(delivery.now, tick=False):
        for secret in delivery.secrets:
            try:
                if check(delivery, secret) is True:
                    return True
            except Exception:  # However a package refuses.
                pass
    return False


def ask_node(asked):
    """What the packages for Node say of deliveries, in their order, and the names of those packages."""

    def plain(scheme, sender, delivery):
        names = {name.lower() for name, _ in delivery.headers}
        return {
            "scheme": scheme,
            "secrets": delivery.secrets,
            "signature": delivery.header(sender.header),
            "headers": {name: delivery.header(name) for name in names},
            "query": {name: ", ".join(value for own, value in delivery.query if own == name) for name, _ in delivery.query},
            "params": delivery.params,
            "body": base64.b64encode(delivery.body).decode(),
            "now": delivery.now,
        }

    question = json.dumps([plain(*delivery) for delivery in asked])
    answer = subprocess.run(["node", "verify.mjs"], input=question, capture_output=True, text=True, cwd=sys.argv[1])
    if answer.returncode:
        sys.exit(answer.stderr)
    answer = json.loads(answer.stdout)
    return answer["packages"], answer["answers"]


def body(of):
    try:
        text = of.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(of).decode()}
    # A rule, so that no file carries 200 KB of one letter.
    if len(of) > 100000:
        start, end = LARGE_BODY.find(b"x"), LARGE_BODY.rfind(b"x") + 1
        return {"before": text[:start], "letter": "x", "times": end - start, "after": text[end:]}
    return text


def samples(sender):
    """The first payload that the provider documents, signed as well."""
    payload = json.loads((DOCUMENTED / f"{sender.name}.json").read_text())["payloads"][0]["body"]
    return {"genuine, a documented payload": (sender.send(json.dumps(payload, ensure_ascii=False).encode()), "ok")}


def written(name, delivery, verdict, says, why):
    vector = {"name": name, "verdict": verdict, "says": says}
    if why:
        vector["why"] = why
    vector |= {"secrets": delivery.secrets}
    if delivery.params:
        vector["params"] = delivery.params
    vector |= {"now": delivery.now, "headers": delivery.headers}
    if delivery.query:
        vector["query"] = delivery.query
    return vector | {"body": body(delivery.body)}


def write(sender, by, vectors):
    head = json.dumps({"by": by}, indent=1, ensure_ascii=False).removesuffix("\n}")
    lines = ",\n".join("  " + json.dumps(vector, ensure_ascii=False) for vector in vectors)
    (HERE.parent / f"{sender.name}.json").write_text(f'{head},\n "vectors": [\n{lines}\n ]\n}}\n')


def main():
    logging.disable()
    wanted = sys.argv[2:]
    chosen = {name: sender for name, sender in senders().items() if not wanted or name in wanted}
    made = [
        (scheme, sender, name, delivery, verdict)
        for scheme, sender in chosen.items()
        for name, (delivery, verdict) in {**cases(sender), **samples(sender)}.items()
    ]
    packages, answers = ask_node([(scheme, sender, delivery) for scheme, sender, _, delivery, _ in made])
    unexplained, files = [], {}
    for (scheme, sender, name, delivery, verdict), node in zip(made, answers):
        by, vectors = files.setdefault(scheme, ({}, []))
        asked = witnesses(sender)
        says = {who: genuine(check, delivery) for who, (_, check) in asked.items()}
        by |= {who: description for who, (description, _) in asked.items()}
        if node is not None:
            by["node"], says["node"] = packages[scheme], node
        differing = sorted(who for who, accepts in says.items() if accepts != (verdict == "ok"))
        why = reasons.why(scheme, name) if differing else None
        if differing and not why:
            unexplained.append(f"{scheme}: {name}: {verdict}, but {', '.join(differing)} differs")
        vectors.append(written(name, delivery, verdict, says, why))
    if unexplained:
        sys.exit("\n".join(unexplained))
    for scheme, (by, vectors) in files.items():
        write(chosen[scheme], by, vectors)
        print(f"{scheme}: {len(vectors)} deliveries by {'; '.join(by.values())}")
    print(f"{sum(len(vectors) for _, vectors in files.values())} deliveries of {len(files)} schemes")


if __name__ == "__main__":
    main()
