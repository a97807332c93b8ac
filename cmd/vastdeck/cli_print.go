package main

import (
	"encoding/json"
	"io"
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/vastapi/safetext"
)

// schemaVersion is the version of all that --json prints: it grows when a field is
// taken away or changes its meaning, not when one is added.
const schemaVersion = 1

// printJSON writes v, whose first field is the schema's version, as indented JSON in
// which nothing acts on a terminal: what is no plain letter or sign is \uXXXX.
func printJSON(w io.Writer, v any) error {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(appendInert(nil, b.String()))
	return err
}

// appendInert appends JSON in which nothing acts on a terminal. What is escaped can
// only stand inside of strings, where it means the same.
func appendInert(out []byte, text string) []byte {
	if !strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && (r < ' ' || r > '~') }) {
		return append(out, text...)
	}
	for _, r := range text {
		switch {
		case r == '\n' || unicode.IsPrint(r):
			out = append(out, string(r)...)
		case r > 0xffff:
			r -= 0x10000
			out = appendUnit(appendUnit(out, 0xd800+r>>10), 0xdc00+r&0x3ff)
		default:
			out = appendUnit(out, r)
		}
	}
	return out
}

// appendUnit appends a code unit as \uXXXX.
func appendUnit(out []byte, unit rune) []byte {
	const digits = "0123456789abcdef"
	return append(out, '\\', 'u', digits[unit>>12&15], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
}

// column is a column of a printed table.
type column struct {
	title string
	right bool // numbers
}

// cellGap stands between two columns.
const cellGap = "  "

// printTable writes rows below the titles of their columns, aligned. Cells are made
// inert; what is written right to left is quoted, because terminals would turn the
// whole line around. There are no colours in it.
func printTable(w io.Writer, columns []column, rows [][]string) error {
	widths := make([]int, len(columns))
	for n, c := range columns {
		widths[n] = len(c.title)
	}
	for _, row := range rows {
		for n := range row {
			row[n] = tableCell(row[n])
			widths[n] = max(widths[n], ansi.StringWidth(row[n]))
		}
	}
	var b strings.Builder
	titles := make([]string, len(columns))
	for n, c := range columns {
		titles[n] = c.title
	}
	tableLine(&b, columns, widths, titles)
	for _, row := range rows {
		tableLine(&b, columns, widths, row)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func tableLine(b *strings.Builder, columns []column, widths []int, row []string) {
	for n, text := range row {
		pad := strings.Repeat(" ", widths[n]-ansi.StringWidth(text))
		if n > 0 {
			b.WriteString(cellGap)
		}
		switch {
		case columns[n].right:
			b.WriteString(pad + text)
		case n == len(row)-1:
			b.WriteString(text)
		default:
			b.WriteString(text + pad)
		}
	}
	b.WriteByte('\n')
}

// maxCell is the most runes of a cell.
const maxCell = 200

// tableCell is a text as it stands in a table; one that is not told is a dash.
func tableCell(text string) string {
	text = safetext.Clean(text, maxCell)
	switch {
	case text == "":
		return "-"
	case strings.IndexFunc(text, rightToLeft) >= 0:
		return safetext.Quote(text, 2*maxCell)
	}
	return text
}

// rightToLeft reports whether a rune is of a script that is written right to left.
func rightToLeft(r rune) bool {
	return unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Samaritan, unicode.Mandaic, unicode.Adlam)
}
