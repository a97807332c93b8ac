package safetext

import (
	"strconv"
	"unicode/utf8"
)

// Quote returns s between double quotes in printable ASCII, as
// strconv.QuoteToASCII writes it, in at most n bytes with the quotes counted. A
// longer value is cut between two characters and three dots follow the closing
// quote, where no value can forge them. It is the form for logs, for errors and
// for dialogs in which money is agreed to. For n < 5 a value that does not fit
// is dots alone.
func Quote(s string, n int) string {
	const dots = "..."
	out := make([]byte, 1, min(len(s), max(n, 0))+8)
	out[0] = '"'
	keep := 1 // bytes that leave room for the closing quote and the dots
	for len(s) > 0 {
		_, size := utf8.DecodeRuneInString(s)
		out = appendEscaped(out, s[:size])
		s = s[size:]
		if len(out)+1+len(dots) <= n {
			keep = len(out)
		}
		if len(out)+1 > n {
			return cutQuote(out[:keep], dots, n)
		}
	}
	if n < 2 {
		return cutQuote(out[:1], dots, n)
	}
	return string(append(out, '"'))
}

// cutQuote closes a quote that does not fit into n bytes.
func cutQuote(kept []byte, dots string, n int) string {
	if n < len(`""`)+len(dots) {
		return dots[:min(max(n, 0), len(dots))]
	}
	return string(append(append(kept, '"'), dots...))
}

// appendEscaped appends one character as QuoteToASCII would write it.
func appendEscaped(out []byte, char string) []byte {
	if c := char[0]; len(char) == 1 && c >= 0x20 && c <= 0x7e && c != '"' && c != '\\' {
		return append(out, c)
	}
	at := len(out)
	out = strconv.AppendQuoteToASCII(out, char)
	copy(out[at:], out[at+1:len(out)-1])
	return out[:len(out)-2]
}
