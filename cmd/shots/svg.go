package main

import (
	"fmt"
	"html"
	"strings"

	"vastdeck/tui/tuitest/cells"
)

// drawing collects the layers of a picture: backgrounds, then shapes and underlines, then characters.
type drawing struct {
	grid
	look
	backs, shapes, texts strings.Builder
}

// drawSVG draws a screen in a window.
func drawSVG(s cells.Screen, l look) string {
	d := &drawing{grid: gridFor(s.W), look: l}
	for y, row := range s.Rows {
		d.row(y, withCursor(row, s.Cursor, y, l))
	}
	d.cursorLine(s.Cursor)
	return d.page(s)
}

// withCursor gives the row with the cell under a block cursor reversed.
func withCursor(row []cells.Cell, c cells.Cursor, y int, l look) []cells.Cell {
	if c.Hidden || c.Y != y || c.X < 0 || c.X >= len(row) || c.Shape != "block" {
		return row
	}
	row = append([]cells.Cell(nil), row...)
	row[c.X].Style = cells.Style{Fg: l.bg, Bg: l.fg}
	return row
}

// cursorLine draws a cursor that is a line beside or below its character.
func (d *drawing) cursorLine(c cells.Cursor) {
	if c.Hidden {
		return
	}
	px, py := d.at(c.X, c.Y)
	switch c.Shape {
	case "bar":
		d.shapes.WriteString(rect(px, py, max(2, d.cw/6), d.ch, d.fg))
	case "underline":
		d.shapes.WriteString(rect(px, py+d.ch-2, d.cw, 2, d.fg))
	}
}

// row draws one line of the screen.
func (d *drawing) row(y int, row []cells.Cell) {
	d.backgrounds(y, row)
	var w word
	for x, c := range row {
		if c.Width == 0 {
			continue
		}
		fg, _ := d.colours(c.Style)
		if c.Style.Has(cells.Conceal) {
			fg, c.Text = "", " "
		}
		d.underlines(x, y, c, fg)
		if shape, ok := d.shape(c.Text, x, y, fg); ok {
			d.shapes.WriteString(faint(shape, c.Style))
			c.Text = " "
		}
		next := word{text: c.Text, x: x, fg: fg, style: textStyle(c.Style), family: family(c)}
		if w.takes(next) {
			w.text += c.Text
			continue
		}
		d.word(y, w)
		w = next
	}
	d.word(y, w)
}

// backgrounds paints runs of cells that share a background other than the terminal's own.
func (d *drawing) backgrounds(y int, row []cells.Cell) {
	for x := 0; x < len(row); {
		_, bg := d.colours(row[x].Style)
		n := 1
		for x+n < len(row) {
			if _, next := d.colours(row[x+n].Style); next != bg {
				break
			}
			n++
		}
		if bg != d.bg {
			px, py := d.at(x, y)
			d.backs.WriteString(rect(px, py, n*d.cw, d.ch, bg))
		}
		x += n
	}
}

func (d *drawing) underlines(x, y int, c cells.Cell, fg string) {
	px, py := d.at(x, y)
	if c.Style.Has(cells.Underline) {
		d.shapes.WriteString(rect(px, py+d.ch-2*d.thin-1, c.Width*d.cw, d.thin, fg))
	}
	if c.Style.Has(cells.Strike) {
		d.shapes.WriteString(rect(px, py+d.ch/2, c.Width*d.cw, d.thin, fg))
	}
}

// word is text that is set in one piece.
type word struct {
	text, fg, style, family string
	x                       int
}

// takes reports whether next can be set in one piece with w. Only letters and digits are: blanks would add up the
// font's rounding, and two signs side by side could become a ligature.
func (w word) takes(next word) bool {
	return w.fg == next.fg && w.style == next.style && w.family == "" && next.family == "" &&
		joins(w.text) && joins(next.text)
}

func joins(text string) bool {
	if text == "" {
		return false
	}
	c := text[len(text)-1]
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// word sets one word on row y.
func (d *drawing) word(y int, w word) {
	if strings.TrimSpace(w.text) == "" {
		return
	}
	px, py := d.at(w.x, y)
	other := ""
	if w.family != "" {
		other = fmt.Sprintf(` font-family="%s"`, w.family)
	}
	baseline := float64(py) + float64(d.ch)*0.74
	fmt.Fprintf(&d.texts, `<text x="%d" y="%.1f" fill="%s"%s%s>%s</text>`+"\n",
		px, baseline, w.fg, w.style, other, html.EscapeString(w.text))
}

// textStyle spells a style's attributes for a text element.
func textStyle(s cells.Style) string {
	var b strings.Builder
	if s.Has(cells.Bold) {
		b.WriteString(` font-weight="bold"`)
	}
	if s.Has(cells.Italic) {
		b.WriteString(` font-style="italic"`)
	}
	if s.Has(cells.Faint) {
		b.WriteString(` opacity="0.6"`)
	}
	return b.String()
}

// faint dims a shape as textStyle dims a word.
func faint(shape string, s cells.Style) string {
	if s.Has(cells.Faint) {
		return `<g opacity="0.6">` + shape + `</g>`
	}
	return shape
}

// family gives the fonts for a cell that must stand alone, and "" for one in the drawing's own font. A colour emoji
// font is never named beside others: it contains digits and would take them over.
func family(c cells.Cell) string {
	r := []rune(c.Text)
	switch {
	case len(r) == 1 && r[0] < 0x80:
		return ""
	case c.Width == 2:
		return "Noto Sans Mono CJK JP, Symbola, Noto Color Emoji"
	}
	return "JetBrains Mono, DejaVu Sans Mono, Noto Sans Mono CJK JP, Symbola"
}

// page puts the layers into a window with a title bar.
func (d *drawing) page(s cells.Screen) string {
	w, h := d.size(s.W, s.H)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">`+"\n", w, h, w, h)
	fmt.Fprintf(&b, `<defs><clipPath id="window"><rect width="%d" height="%d" rx="10"/></clipPath></defs>`+"\n", w, h)
	fmt.Fprintf(&b, `<g clip-path="url(#window)">%s%s</g>`+"\n", rect(0, 0, w, h, d.bg), rect(0, 0, w, d.top, d.bar))
	for i, c := range d.lights {
		fmt.Fprintf(&b, `<circle cx="%d" cy="%d" r="%d" fill="%s"/>`, d.pad+7+i*22, d.top/2, 7, c)
	}
	fmt.Fprintf(&b, "\n"+`<g font-family="JetBrains Mono, DejaVu Sans Mono" font-size="%.3f">`+"\n", d.font)
	fmt.Fprintf(&b, `<text x="%d" y="%.1f" fill="%s" font-size="%.1f" text-anchor="middle">%s</text>`+"\n",
		w/2, float64(d.top)/2+d.font*0.31, d.title, d.font*0.88, html.EscapeString(s.Title))
	fmt.Fprintf(&b, `<g shape-rendering="crispEdges">%s</g>`+"\n", d.backs.String())
	b.WriteString(d.shapes.String() + "\n" + d.texts.String())
	fmt.Fprintf(&b, "</g>\n"+`<rect x="0.5" y="0.5" width="%d" height="%d" rx="10" fill="none" stroke="%s"/>`+"\n</svg>\n", w-1, h-1, d.edge)
	return b.String()
}

// rect is a filled rectangle.
func rect(x, y, w, h int, fill string) string {
	return fmt.Sprintf(`<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`, x, y, w, h, fill)
}
