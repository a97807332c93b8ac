package fit

import "strings"

// Wrap breaks plain text at blanks into lines of at most w cells; words longer
// than a line are cut into pieces, nothing is dropped. There is always a line.
func Wrap(s string, w int) []string {
	w = max(1, w)
	var lines []string
	line, wide := "", 0
	for _, word := range strings.Fields(s) {
		cells := Width(word)
		if line != "" && wide+1+cells <= w {
			line += " " + word
			wide += 1 + cells
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for Width(word) > w {
			head, rest := head(word, w)
			if rest == "" {
				break // one letter that is wider than the line
			}
			lines, word = append(lines, head), rest
		}
		line, wide = word, Width(word)
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// head cuts word after as many runes as fit into w cells, at least one.
func head(word string, w int) (first, rest string) {
	cells := 0
	for i, r := range word {
		cells += Width(string(r))
		if cells > w && i > 0 {
			return word[:i], word[i:]
		}
	}
	return word, ""
}
