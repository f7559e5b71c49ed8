#!/usr/bin/env python3
"""Collects how tools say in other languages what Grace knows in English, from the catalogues that they are installed with.

    translations.py OUT.txt

A message is cut where a name is put in; its pieces are written as `English = translation | translation`.
"""
import collections, errno, gettext, glob, os, re, sys

LANGUAGES = ["ru", "el", "zh_CN", "zh_TW", "ja", "ko", "uk", "bg", "de", "fr", "es", "pt_BR", "it", "pl", "cs", "tr", "nl", "sv"]
SAID = {
    # All that the system itself can say, and what its patterns cannot be.
    "libc": "|".join(sorted({os.strerror(code) for code in errno.errorcode})) + r"""|Name or service not known|Temporary failure in name resolution
        Killed|Segmentation fault|Aborted|Terminated|Floating point exception|Illegal instruction|Bus error|CPU time limit exceeded|File size limit exceeded
        %s: unrecognized option '%s%s'\n|%s: invalid option -- '%c'\n""",
    "grep": r"Unmatched [, [^, [:, [., or [=|Unmatched ( or \(|Unmatched \{|Unmatched ) or \)|Invalid content of \{\}|Invalid range end|Invalid back reference|Invalid preceding regular expression|Trailing backslash|Invalid regular expression",
    "bash": "command not found|%s: unbound variable|%s: command not found|%s: readonly variable|syntax error near unexpected token `%s'|syntax error: unexpected end of file|division by 0|%s: integer expression expected|too many arguments",
    "make": "No targets specified and no makefile found|%sNo rule to make target '%s', needed by '%s'%s|%sNo rule to make target '%s'%s|missing separator",
    "git": """not a git repository (or any of the parent directories): %s|remote %s already exists.|a branch named '%s' already exists|tag '%s' already exists|pathspec '%s' did not match any file(s) known to git
        pathspec '%s' did not match any files|'%s' does not appear to be a git repository|couldn't find remote ref %s|src refspec %s does not match any|refusing to merge unrelated histories|bad revision '%s'
        CONFLICT (%s): Merge conflict in %s|Automatic merge failed; fix conflicts and then commit the result.|'%s' is not a valid tag name.|You are not currently on a branch.|unknown option: %s
        You have unstaged changes.|Please commit or stash them.|cannot lock ref '%s'|unable to access '%s': %s|pathspec '%s' is in submodule '%.*s'|no changes added to commit
        invalid reference: %s|repository '%s' does not exist|branch '%s' not found.|fatal: |error: |Remote branch %s not found in upstream %s|your current branch '%s' does not have any commits yet""",
    "gcc-12": "assignment of read-only variable %qD|assignment of read-only parameter %qD|lvalue required as left operand of assignment|label %q+D used but not defined|too few arguments to function %qE|too many arguments to function %qE|invalid type argument of unary %<*%> (have %qT)|conflicting types for %q+D; have %qT|redefinition of %q+D|unknown type name %qE|%qT has no member named %qE|void value not ignored as it ought to be|break statement not within loop or switch|duplicate case value|dereferencing pointer to incomplete type %qT|unused variable %q+D|control reaches end of non-void function|implicit declaration of function %qE|unterminated #%s|%qE undeclared (first use in this function)|fatal error: |error: |expected %qs before %qs token",
    "ld": "%X%H: undefined reference to `%pT'\\n|cannot find %s|multiple definition of `%pT'|%X%P: %C: undefined reference to `%pT'\\n|%P: cannot find %s\\n",
    "coreutils": "missing operand|missing file operand|missing destination file operand after %s|cannot create directory %s|invalid user|invalid date %s",
    "postgres-15": """relation \\"%s\\" does not exist|column \\"%s\\" does not exist|schema \\"%s\\" does not exist|role \\"%s\\" does not exist|database \\"%s\\" does not exist|type \\"%s\\" does not exist
        function %s does not exist|duplicate key value violates unique constraint \\"%s\\"|syntax error|%s at or near \\"%s\\"|permission denied for table %s|password authentication failed for user \\"%s\\"|division by zero""",
}
NAME = re.compile(r"""[«»„“”‘’"'`]?%[-\d$]*(?:q?[a-zA-Z]|p?T|qE|qs)%?[«»„“”‘’"'`]?|[«»„“”‘’"`「」『』]|(?<!\w)'|'(?!\w)|\n""")


def pieces(text):
    return [piece.strip(" \u00a0.:,;()。：，") for piece in NAME.split(text) if re.search(r"\w{2}", piece)]


def is_telling(translation):
    """A single word in Latin letters may be a word of another language, or a name."""
    return len(translation) >= 2 and not set("=|") & set(translation) and (not translation.isascii() or len(translation.split()) > 2)


def main(out):
    found = collections.defaultdict(dict)
    for domain, said in SAID.items():
        for language in LANGUAGES:
            for path in glob.glob(f"/usr/share/locale/{language}/LC_MESSAGES/{domain}.mo"):
                catalogue = gettext.GNUTranslations(open(path, "rb"))
                for message in re.split(r"\||\n\s*", said):
                    message = message.replace("\\n", "\n").replace('\\"', '"')
                    translated = catalogue.gettext(message)
                    english, other = pieces(message), pieces(translated)
                    if translated != message and len(english) == len(other):
                        for piece, translation in zip(english, other):
                            if is_telling(translation) and translation != piece:
                                found[piece].setdefault(translation)
    # Two phrases may share a piece of a translation; it belongs to the shorter.
    for english in sorted(found, key=len):
        for longer in found:
            if len(longer) > len(english):
                for translation in found[english]:
                    found[longer].pop(translation, None)
    with open(out, "w", encoding="utf-8") as file:
        for english in sorted(filter(found.get, found), key=lambda e: (-len(e), e)):
            file.write(f"{english} = {' | '.join(found[english])}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
