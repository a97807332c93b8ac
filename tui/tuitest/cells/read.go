package cells

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// maxSide bounds the sides of a screen that is read, so that a broken file cannot ask for all memory.
const maxSide = 2000

// Read reads a .cells file. Its errors name the line.
func Read(r io.Reader) (Screen, error) {
	p := parser{y: -1}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		p.line++
		if err := p.take(lines.Text()); err != nil {
			return Screen{}, fmt.Errorf("reading cells: line %d: %w", p.line, err)
		}
	}
	if err := lines.Err(); err != nil {
		return Screen{}, fmt.Errorf("reading cells: %w", err)
	}
	if err := p.finish(); err != nil {
		return Screen{}, fmt.Errorf("reading cells: line %d: %w", p.line, err)
	}
	return p.screen, nil
}

// parser collects a row's lines and lays the row out when the next one begins: which cells are wide or made of
// several code points is said after the text.
type parser struct {
	screen Screen
	line   int
	y      int
	row    rowText
}

// rowText is one row as the file has it.
type rowText struct {
	text       string
	runs       string
	wide, many string
}

func (p *parser) take(line string) error {
	if p.line == 1 {
		return p.size(line)
	}
	switch {
	case strings.HasPrefix(line, "|"):
		if err := p.finishRow(); err != nil {
			return err
		}
		p.y++
		if p.y >= p.screen.H {
			return fmt.Errorf("more than %d rows", p.screen.H)
		}
		p.row = rowText{text: line[1:]}
		return nil
	case p.y < 0 && strings.HasPrefix(line, "title "):
		p.screen.Title = strings.TrimPrefix(line, "title ")
		return nil
	case p.y < 0 && strings.HasPrefix(line, "cursor "):
		return p.cursor(strings.TrimPrefix(line, "cursor "))
	case p.y >= 0 && strings.HasPrefix(line, "~"):
		p.row.runs = line[1:]
		return nil
	case p.y >= 0 && strings.HasPrefix(line, "w"):
		p.row.wide = line[1:]
		return nil
	case p.y >= 0 && strings.HasPrefix(line, "m"):
		p.row.many = line[1:]
		return nil
	}
	return fmt.Errorf("unknown line %q", line)
}

func (p *parser) size(line string) error {
	var w, h int
	if _, err := fmt.Sscanf(line, "cells %dx%d\n", &w, &h); err != nil {
		return fmt.Errorf("the first line must be \"cells WxH\", not %q", line)
	}
	if w < 1 || h < 1 || w > maxSide || h > maxSide {
		return fmt.Errorf("a screen of %dx%d is out of range", w, h)
	}
	p.screen = New(w, h)
	return nil
}

func (p *parser) cursor(text string) error {
	c := Cursor{}
	if _, err := fmt.Sscanf(text, "%d %d %s", &c.X, &c.Y, &c.Shape); err != nil {
		return fmt.Errorf("a cursor is \"cursor COLUMN ROW SHAPE\", not %q", text)
	}
	p.screen.Cursor = c
	return nil
}

func (p *parser) finish() error {
	if p.line == 0 {
		return fmt.Errorf("the file is empty")
	}
	if err := p.finishRow(); err != nil {
		return err
	}
	if p.y+1 != p.screen.H {
		return fmt.Errorf("%d rows where %d are promised", p.y+1, p.screen.H)
	}
	return nil
}

func (p *parser) finishRow() error {
	if p.y < 0 {
		return nil
	}
	wide, err := columns(p.row.wide)
	if err != nil {
		return err
	}
	for x, n := range wide {
		if n != 1 {
			return fmt.Errorf("column %d has a count where none belongs", x)
		}
	}
	many, err := columns(p.row.many)
	if err != nil {
		return err
	}
	row := p.screen.Rows[p.y]
	if err := layText(row, []rune(p.row.text), wide, many); err != nil {
		return err
	}
	return layStyles(row, p.row.runs)
}

// columns reads "3 8=2" as {3: 1, 8: 2}.
func columns(text string) (map[int]int, error) {
	found := map[int]int{}
	for _, field := range strings.Fields(text) {
		column, count, given := strings.Cut(field, "=")
		if !given {
			count = "1"
		}
		x, err := strconv.Atoi(column)
		if err != nil {
			return nil, fmt.Errorf("%q is no column", field)
		}
		n, err := strconv.Atoi(count)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q has no count", field)
		}
		found[x] = n
	}
	return found, nil
}

func layText(row []Cell, text []rune, wide, many map[int]int) error {
	for x := 0; len(text) > 0; {
		if unicode.IsControl(text[0]) {
			return fmt.Errorf("a control character stands in column %d", x)
		}
		n := max(1, many[x])
		width := 1 + wide[x]
		if x+width > len(row) || n > len(text) {
			return fmt.Errorf("the text does not fit into %d columns", len(row))
		}
		row[x] = Cell{Text: string(text[:n]), Width: width}
		if width == 2 {
			row[x+1] = Cell{}
		}
		text = text[n:]
		x += width
	}
	return nil
}

// run is a count of cells and their style.
var run = regexp.MustCompile(`^(\d+)(#[0-9a-f]{6})?(?:/(#[0-9a-f]{6}))?((?:\+[a-z]+)*)$`)

func layStyles(row []Cell, runs string) error {
	x := 0
	for _, field := range strings.Fields(runs) {
		part := run.FindStringSubmatch(field)
		if part == nil {
			return fmt.Errorf("%q is no run of cells", field)
		}
		attrs, err := readAttrs(part[4])
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(part[1])
		if err != nil || n > len(row)-x {
			return fmt.Errorf("run %q does not fit into %d columns", field, len(row))
		}
		for range n {
			row[x].Style = Style{Fg: part[2], Bg: part[3], Attrs: attrs}
			x++
		}
	}
	return nil
}

func readAttrs(text string) (Attr, error) {
	var attrs Attr
	for name := range strings.SplitSeq(strings.TrimPrefix(text, "+"), "+") {
		if name == "" {
			continue
		}
		a, ok := attrNamed(name)
		if !ok {
			return 0, fmt.Errorf("unknown attribute %q", name)
		}
		attrs |= a
	}
	return attrs, nil
}

func attrNamed(name string) (Attr, bool) {
	for _, a := range attrNames {
		if a.name == name {
			return a.attr, true
		}
	}
	return 0, false
}
