package pane

// Part is what a cell of a shared area belongs to.
type Part int

// The parts.
const (
	Nothing Part = iota // outside, or the rule between the two
	List
	Detail
)

// At says what a cell belongs to, counted from 0 at the left upper corner of the area, and where in
// that part it is.
func (s Split) At(x, y int) (part Part, px, py int) {
	switch {
	case x < 0 || y < 0:
	case x < s.ListW && y < s.ListH:
		return List, x, y
	case s.Beside && x > s.ListW && x-s.ListW-1 < s.DetailW && y < s.DetailH:
		return Detail, x - s.ListW - 1, y
	case s.Beside:
	case s.ListH == 0 && x < s.DetailW && y < s.DetailH:
		return Detail, x, y
	case x < s.DetailW && y > s.ListH && y-s.ListH < s.DetailH: // below the rule
		return Detail, x, y - s.ListH - 1
	}
	return Nothing, 0, 0
}
