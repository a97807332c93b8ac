package pane

import "testing"

func TestAClickHitsThePartThatIsDrawnThere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		split  Split
		x, y   int
		part   Part
		px, py int
	}{
		"list alone":        {Of(100, 30, false, 160), 99, 29, List, 99, 29},
		"below it":          {Of(100, 30, false, 160), 99, 30, Nothing, 0, 0},
		"before it":         {Of(100, 30, false, 160), -1, 3, Nothing, 0, 0},
		"beside, list":      {Of(170, 30, true, 160), 112, 5, List, 112, 5},
		"beside, rule":      {Of(170, 30, true, 160), 113, 5, Nothing, 0, 0},
		"beside, detail":    {Of(170, 30, true, 160), 114, 5, Detail, 0, 5},
		"beside, end":       {Of(170, 30, true, 160), 169, 29, Detail, 55, 29},
		"beside, beyond":    {Of(170, 30, true, 160), 170, 29, Nothing, 0, 0},
		"under, list":       {Of(100, 30, true, 160), 50, 11, List, 50, 11},
		"under, rule":       {Of(100, 30, true, 160), 50, 12, Nothing, 0, 0},
		"under, detail":     {Of(100, 30, true, 160), 50, 13, Detail, 50, 0},
		"under, last":       {Of(100, 30, true, 160), 50, 29, Detail, 50, 16},
		"detail alone":      {Split{DetailW: 90, DetailH: 20}, 5, 0, Detail, 5, 0},
		"detail alone, end": {Split{DetailW: 90, DetailH: 20}, 5, 20, Nothing, 0, 0},
	} {
		part, x, y := c.split.At(c.x, c.y)
		if part != c.part || x != c.px || y != c.py {
			t.Errorf("%s: part %d at %d,%d, want %d at %d,%d", name, part, x, y, c.part, c.px, c.py)
		}
	}
}
