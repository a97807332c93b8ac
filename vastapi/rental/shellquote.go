package rental

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"vastdeck/vastapi/safetext"
)

// QuoteWords writes words as one line that a shell, or SplitWords, splits into
// the same words again.
func QuoteWords(words []string) string {
	quoted := make([]string, len(words))
	for n, w := range words {
		quoted[n] = shellQuote(w)
	}
	return strings.Join(quoted, " ")
}

// plainWord reports whether a shell takes s as it stands.
func plainWord(s string) bool {
	return s != "" && only(s, "_-./:,@%+=") && s[0] != '='
}

// shellQuote writes one word. A word with characters that do something to a
// terminal or cannot be seen is written in the form $'…' with escapes, which
// bash, zsh and ksh know.
func shellQuote(s string) string {
	switch {
	case plainWord(s):
		return s
	case visible(s):
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	var out strings.Builder
	out.WriteString("$'")
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		writeEscaped(&out, s[:size], r)
		s = s[size:]
	}
	out.WriteString("'")
	return out.String()
}

// visible reports whether a text is shown as it is: line ends and tabs are no
// danger between quotes.
func visible(s string) bool {
	for line := range strings.SplitSeq(strings.ReplaceAll(s, "\t", " "), "\n") {
		if line != safetext.Clean(line, max(1, len(line))) {
			return false
		}
	}
	return true
}

func writeEscaped(out *strings.Builder, raw string, r rune) {
	switch {
	case raw == `\` || raw == `'`:
		out.WriteString(`\` + raw)
	case raw == "\n":
		out.WriteString(`\n`)
	case raw == "\t":
		out.WriteString(`\t`)
	case r >= ' ' && r < 0x7f:
		out.WriteString(raw)
	default:
		for i := range len(raw) {
			fmt.Fprintf(out, `\x%02x`, raw[i])
		}
	}
}
