package logview

import "slices"

// Following tells what is new in each tail of one log, for whoever draws none. The zero
// Following has seen nothing.
type Following struct{ s source }

// Next gives the lines of a tail that were not in the ones before, by the rules of
// Model.MergeTail: a line that was caught unfinished is given again once it has grown.
// Gap is what stands between the earlier lines and these where some may be missing, ""
// where they follow.
func (f *Following) Next(tail []string) (fresh []string, gap string) {
	if len(tail) == 0 {
		return nil, ""
	}
	l := align(f.s.seen, tail)
	gap = f.s.mark(l, tail)
	from := l.older + l.common
	fresh = slices.Clone(tail[from:])
	if l.grown {
		f.s.seen[len(f.s.seen)-1] = tail[from-1]
		fresh = append([]string{tail[from-1]}, fresh...)
	}
	f.s.tail, f.s.longest = len(tail), max(f.s.longest, len(tail))
	f.s.remember(tail[from:]...)
	f.s.forget()
	return fresh, gap
}
