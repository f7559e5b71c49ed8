#!/usr/bin/env python3
"""Makes tools fail and writes down what they print, labelled by cause: one row of JSON a failure.

    capture.py causes.txt OUT.jsonl [LABEL...]

Each case is a label and snippets of bash. A snippet runs in an empty folder, once for each of several sets of names
($name, $other, $Name, $n, $m, $port, $dir), so that whatever a cause does not consist of differs within it. What is
printed is kept as printed, but for the work folder, which gets a project's name, and for the middle of what is long.
Snippets find a PostgreSQL server ($PG, and $PGWORD with a password), and an HTTP server ($WEB) that answers
/status/CODE, /json/CODE, /slow and /loop. What is not installed here prints that it was not found, and such rows are
left out. A file of causes whose first line is `names: later` runs with another set of names and inside wrappers.
"""
import concurrent.futures, hashlib, json, os, re, shutil, subprocess, sys, tempfile
from servers import Servers
from wrappers import wrapped

SETS = [
    dict(name="customers", other="amount", Name="Customer", n="3", m="17", port="45111", dir="shop/src"),
    dict(name="invoice_rows", other="due_date", Name="InvoiceRow", n="42", m="8", port="45213", dir="orders/app/lib"),
    dict(name="parcel", other="weight", Name="Parcel", n="7", m="105", port="39417", dir="freight"),
    dict(name="ledger", other="balance_cents", Name="Ledger", n="219", m="54", port="41988", dir="books/core"),
]
# A file of causes that says `names: later` at its head runs with these, inside wrappers, and its rows keep the exit code.
LATER = [
    dict(name="shipment", other="gross_total", Name="Shipment", n="11", m="260", port="47330", dir="portal/api"),
    dict(name="tenant_plans", other="renewed_at", Name="TenantPlan", n="64", m="9", port="40127", dir="billing/internal/core"),
    dict(name="voucher", other="discountRate", Name="Voucher", n="5", m="731", port="46802", dir="src/main"),
    dict(name="auditLog", other="actor_id", Name="AuditEntry", n="402", m="33", port="43999", dir="services/audit/src"),
]
HOMES = ["/home/eve/src/tuck", "/builds/team/orders", "/srv/agent/work/pipeline_8f2c1d90ab34/repo", "/Users/tom/Projects/notes-api", "/workspace", "/opt/ci/run/71"]
MOST_LINES, LIMIT_SECONDS = 44, 60


def cases(path):
    """(label, tool, group, snippets), from blocks headed by `## label tool [group]`; `--` stands between snippets."""
    for block in re.split(r"^## ", open(path, encoding="utf-8").read(), flags=re.M)[1:]:
        head, _, body = block.partition("\n")
        label, tool, *group = head.split()
        yield label, tool, group[0] if group else None, [s.strip("\n") for s in re.split(r"^--\n", body, flags=re.M) if s.strip()]


def runs(snippets, sets):
    """At least three a label: few snippets run with more sets of names."""
    each = 3 if len(snippets) == 1 else 2 if len(snippets) < 4 else 1
    for i, snippet in enumerate(snippets):
        for j in range(each):
            yield i, snippet, sets[(i + j) % len(sets)]


def run(snippet, names, environment, seed):
    """What it printed and its exit code; wrapped when there is a seed."""
    outer = tempfile.mkdtemp(prefix="w", dir=environment["CAPTURE"])
    work = f"{outer}/repo" if seed else outer
    os.makedirs(work, exist_ok=True)
    try:
        ended = subprocess.run(
            ["bash", "-c", wrapped(snippet, seed, f"{outer}/ci") if seed else snippet], cwd=work, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, **environment, **names}, timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        return "", None
    finally:
        shutil.rmtree(outer, ignore_errors=True)
    said = ended.stdout.decode("utf-8", "replace")
    home = HOMES[int(hashlib.sha256((snippet + names["name"]).encode()).hexdigest(), 16) % len(HOMES)]
    said = said.replace(work, home).replace(outer, os.path.dirname(home).rstrip("/")).replace(os.path.basename(outer), "work")
    for inside, outside in ((environment["CAPTURE"], "/tmp"), (environment["TOOLS"], "/usr/lib"), (os.path.expanduser("~/"), "/home/eve/")):
        said = said.replace(inside, outside)
    return shortened(said.rstrip()), ended.returncode


def shortened(said):
    lines = [line[:600] for line in said.split("\n")]
    return "\n".join(lines if len(lines) <= MOST_LINES else lines[: MOST_LINES // 2] + ["…"] + lines[-MOST_LINES // 2 :])


def main(path, out, *only):
    with tempfile.TemporaryDirectory(prefix="capture") as folder, Servers(folder) as environment:
        os.chmod(folder, 0o755)
        later = open(path, encoding="utf-8").readline().startswith("names: later")
        jobs = [(label, tool, group, run_) for label, tool, group, snippets in cases(path) if not only or label in only for run_ in runs(snippets, LATER if later else SETS)]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            said = list(pool.map(lambda job: run(job[3][1], job[3][2], environment, f"{job[0]} {job[3][0]} {job[3][2]['name']}" if later else None), jobs))
    seen, rows = set(), []
    for (label, tool, group, (i, _, _)), (message, code) in zip(jobs, said):
        if (label, message) in seen or not message.strip() or (later and code == 0) or ("not found" in message and "command-missing" not in label and f"{tool}: command not found" in message):
            print(f"left out: {label} ({i}): {message[:80]!r}", file=sys.stderr)
            continue
        seen.add((label, message))
        rows.append({"label": label, "tool": tool, **({"group": group} if group else {}), **({"exit": code} if later else {}), "message": message})
    with open(out, "w", encoding="utf-8") as file:
        about = "Failures as tools print them: every row was printed by the tool itself, by capture/capture.py from capture/" + os.path.basename(path) + ". 'group': causes that look alike. Work folders are renamed, long outputs keep their first and last 22 lines."
        for row in [{"about": about}, *rows]:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{len(rows)} messages of {len({r['label'] for r in rows})} causes", file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
