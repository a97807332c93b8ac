package chart

// Part is what a piece of a chart is, for whoever colours it.
type Part int

// The parts of a chart. The first series, or kind of a bar, is First, the next one
// First+1, and so on.
const (
	Axis   Part = iota // lines and ticks
	Label              // what stands beside the axes
	Text               // what is said above the plot
	Cursor             // the column under the cursor, and what it holds
	Mark               // where the lowest, the highest and the last value are
	Shade              // between the two edges of a band
	First              // the first series or kind
)

// Paint colours a piece of a chart. It must not change the cells that text takes.
type Paint func(p Part, text string) string

// paint applies p, which may be nil.
func (p Paint) paint(part Part, text string) string {
	if p == nil || text == "" {
		return text
	}
	return p(part, text)
}

// cell is one cell of a plot: what stands there, and what it is.
type cell struct {
	r    rune
	part Part
}

// grid is a plot, line by line from the top.
type grid struct {
	w, h  int
	cells []cell
}

func newGrid(w, h int) grid {
	g := grid{w, h, make([]cell, w*h)}
	for n := range g.cells {
		g.cells[n] = cell{' ', Axis}
	}
	return g
}

// at is the cell in column x of line y, nil outside.
func (g grid) at(x, y int) *cell {
	if x < 0 || y < 0 || x >= g.w || y >= g.h {
		return nil
	}
	return &g.cells[y*g.w+x]
}

func (g grid) set(x, y int, r rune, part Part) {
	if c := g.at(x, y); c != nil {
		*c = cell{r, part}
	}
}

// line paints a line of the grid, neighbours of one part together.
func (g grid) line(y int, p Paint) string {
	return painted(g.cells[y*g.w:(y+1)*g.w], p)
}

func painted(cells []cell, p Paint) string {
	var out []byte
	for n := 0; n < len(cells); {
		end := n
		var run []rune
		for end < len(cells) && (cells[end].part == cells[n].part || cells[end].r == ' ') {
			run = append(run, cells[end].r)
			end++
		}
		out = append(out, p.paint(cells[n].part, string(run))...)
		n = end
	}
	return string(out)
}
