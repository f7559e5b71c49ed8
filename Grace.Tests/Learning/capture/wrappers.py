"""What a command is run inside of: none, make, npm, a container's log, a pipeline's time stamps, another language."""
import hashlib, json, os

LANGUAGES = ["de_DE", "ru_RU", "fr_FR", "ja_JP", "es_ES", "zh_CN", "el_GR", "pl_PL"]
STAMPED = """gawk '{ printf "%s.%07dZ %s\\n", strftime("%Y-%m-%dT%H:%M:%S", 1764000000 + NR + SEED, 1), (NR * 7919 + SEED) % 9999999, $0 }'"""


def wrapped(snippet, seed, home):
    """The command line that runs the snippet, wrapped as chance (a hash of the seed) has it; `home` is a folder beside the work folder."""
    chance = int(hashlib.sha256(seed.encode()).hexdigest(), 16)
    kind, more = chance % 12, chance // 12
    os.makedirs(home)
    with open(f"{home}/step.sh", "w", encoding="utf-8") as file:
        file.write(snippet + "\n")
    if kind == 5:
        with open(f"{home}/Makefile", "w", encoding="utf-8") as file:
            file.write("check:\n\t@bash ../ci/step.sh\n")
        return "make --no-print-directory -f ../ci/Makefile check"
    if kind == 6:
        with open(f"{home}/package.json", "w", encoding="utf-8") as file:
            json.dump({"name": "tasks", "version": "1.4.2", "scripts": {"check": f"cd ../repo && bash {home}/step.sh"}}, file)
        return "npm --prefix ../ci run check"
    return {
        7: f"set -o pipefail; (bash ../ci/step.sh) 2>&1 | sed -u 's/^/{['api-1', 'worker-2', 'web'][more % 3]}  | /'",
        8: f"set -o pipefail; (bash ../ci/step.sh) 2>&1 | {STAMPED.replace('SEED', str(more % 90000))}",
        9: "bash ../ci/step.sh; code=$?; echo \"##[error]Process completed with exit code $code.\"; exit $code",
        10: f"export LC_ALL={LANGUAGES[more % len(LANGUAGES)]}.UTF-8; {snippet}",
        11: f"export LC_ALL={LANGUAGES[more % len(LANGUAGES)]}.UTF-8; bash ../ci/step.sh",
    }.get(kind, snippet)
