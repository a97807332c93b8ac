package fit

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Over lays piece upon line at cell x; the line keeps its width w. A wide letter that the edge cuts
// through becomes blanks.
func Over(line, piece string, x, w int) string {
	x = max(0, x)
	left := Line(ansi.Truncate(line, x, ""), x)
	end := x + Width(piece)
	if end >= w {
		return left + "\x1b[m" + Line(piece, w-x)
	}
	right := ansi.TruncateLeft(line, end, "")
	if Width(right) > w-end {
		right = ansi.TruncateLeft(line, end+1, "") // the letter at the edge begins under the piece
	}
	return left + "\x1b[m" + piece + Spaces(w-end-Width(right)) + right
}

// Lay lays lines upon a block of lines of w cells, the first upon line y, all at cell x. Lines that
// would stand above or below the block are left out.
func Lay(block string, lines []string, x, y, w int) string {
	if len(lines) == 0 {
		return block
	}
	under := strings.Split(block, "\n")
	for i, l := range lines {
		if at := y + i; at >= 0 && at < len(under) {
			under[at] = Over(under[at], l, x, w)
		}
	}
	return strings.Join(under, "\n")
}
