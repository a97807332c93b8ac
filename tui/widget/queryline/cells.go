package queryline

import (
	"github.com/charmbracelet/x/ansi"
)

// ruler says where each rune of a text stands. A rune that belongs to a character begun before it
// (an accent, the second half of a flag) stands where that character does, since a terminal cannot
// draw it apart.
type ruler struct {
	cell  []int // cells before the rune; one more than there are runes
	first []int // first rune of the character that the rune belongs to; likewise
}

func measure(value []rune) ruler {
	r := ruler{cell: make([]int, 0, len(value)+1), first: make([]int, 0, len(value)+1)}
	cells := 0
	for rest := string(value); rest != ""; {
		cluster, width := ansi.FirstGraphemeCluster(rest, ansi.GraphemeWidth)
		if cluster == "" {
			break
		}
		start := len(r.cell)
		for range cluster {
			r.cell = append(r.cell, cells)
			r.first = append(r.first, start)
		}
		cells += width
		rest = rest[len(cluster):]
	}
	r.cell, r.first = append(r.cell, cells), append(r.first, len(r.cell))
	return r
}

// between returns the cells from rune a to rune b.
func (r ruler) between(a, b int) int { return r.cell[b] - r.cell[a] }

// next returns the first rune of the character behind the one that rune i belongs to.
func (r ruler) next(i int) int {
	start := r.first[i]
	for i < len(r.first)-1 && r.first[i] == start {
		i++
	}
	return i
}
