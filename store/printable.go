package store

import (
	"strconv"
	"strings"
)

// printable returns text with everything but printable ASCII written as Go escapes (\n, \x1b,
// \u202e), so that showing the file it goes into can do nothing to a terminal.
func printable(text string) string {
	if isPrintable(text) {
		return text
	}
	quoted := strconv.QuoteToASCII(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

func isPrintable(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
