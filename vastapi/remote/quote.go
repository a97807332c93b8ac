package remote

import (
	"path"
	"strings"
)

// shellQuote writes a word so that a POSIX shell reads it as it is: in single quotes,
// each single quote in it outside of them. A zero byte cannot be in a word, so callers
// refuse it before.
func shellQuote(word string) string {
	if word != "" && strings.Trim(word, plainLetters) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// plainLetters mean nothing to a shell wherever they stand.
const plainLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,@+"

// rsyncShell writes arguments as the one string that rsync's -e takes. rsync splits it
// itself, without a shell: at spaces, with single or double quotes, in which the same
// quote twice is that quote and a backslash is a backslash.
func rsyncShell(arguments []string) string {
	words := make([]string, len(arguments))
	for i, argument := range arguments {
		words[i] = argument
		if argument == "" || strings.ContainsAny(argument, " '\"") {
			words[i] = "'" + strings.ReplaceAll(argument, "'", "''") + "'"
		}
	}
	return strings.Join(words, " ")
}

// globLetters are read as patterns by the far end of rsync and of sftp.
const globLetters = "*?["

// literal writes a path so that the far end, which expands patterns, finds the file of
// exactly this name. rsync un-escapes only names that hold a pattern; sftp all.
func literal(p string, always bool) string {
	parts := strings.Split(p, "/")
	for i, part := range parts {
		if always || strings.ContainsAny(part, globLetters) {
			parts[i] = globEscaper.Replace(part)
		}
	}
	return strings.Join(parts, "/")
}

var globEscaper = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`)

// remotePath makes a path in an instance safe to be an argument: it never begins with
// a dash or a tilde. "~" and "~/x" are the home folder, in which ssh begins.
func remotePath(p string) string {
	if p == "~" || p == "~/" {
		return "."
	}
	if below, found := strings.CutPrefix(p, "~/"); found {
		p = strings.TrimLeft(below, "/")
	}
	if p == "" {
		return "."
	}
	// Of several slashes at the end none says more than one.
	if trimmed := strings.TrimRight(p, "/"); trimmed == "" {
		p = "/"
	} else {
		p = trimmed
	}
	if strings.HasPrefix(p, "-") || strings.HasPrefix(p, "~") {
		p = "./" + p
	}
	return p
}

// namesOne reports whether a path ends in the name of a file or folder, so that a copy
// of it has a name of its own where it lands.
func namesOne(p string) bool {
	p = strings.TrimRight(p, "/")
	base := path.Base(p)
	return p != "" && p != "~" && base != "." && base != ".."
}
