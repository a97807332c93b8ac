package store

import (
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// maxRentForms is how many rent forms are remembered.
	maxRentForms = 20
	// maxKept is how many searches, blocks, watches and notes are remembered.
	maxKept = 200
	// maxLines is how many lines of the palette are remembered.
	maxLines = 50
	// maxTunnels is how many tunnels are remembered.
	maxTunnels = 100
	// maxTables is how many tables are remembered.
	maxTables = 50
	// maxMarks is how many marks of a list are remembered.
	maxMarks = 1000
	// maxNames is how many columns of a table, and ports and names of a rent form, are remembered.
	maxNames = 100
	// maxStateText is the length of the longest text in a state, in bytes, and maxStateName that of
	// the longest name of a column, a port or a variable.
	maxStateText = 4 << 10
	maxStateName = 256
	// maxFigure is the largest figure that is believed.
	maxFigure = 1e12
)

// bounded is s without what is too much: lists keep their newest entries, texts their beginning,
// and figures that are none become 0. It shares nothing with s.
func (s State) bounded() State {
	s.LastView, s.Query = boundedText(s.LastView), boundedText(s.Query)
	s.Tables = boundedMap(s.Tables, maxTables, func(t Table) Table {
		t.Columns, t.Sort, t.Query = boundedNames(t.Columns), boundedName(t.Sort), boundedText(t.Query)
		t.Widths = boundedWidths(t.Widths)
		return t
	})
	s.Left = boundedMap(s.Left, maxTables, Left.bounded)
	s.Notes = boundedMap(s.Notes, maxKept, boundedText)
	s.Searches = boundedList(lastOf(s.Searches, maxKept), func(one Search) Search {
		one.Name, one.Query, one.Kind, one.Sort = boundedText(one.Name), boundedText(one.Query), boundedName(one.Kind), boundedName(one.Sort)
		return one
	})
	s.Blocks = boundedList(lastOf(s.Blocks, maxKept), func(one Block) Block {
		one.Reason = boundedText(one.Reason)
		return one
	})
	s.Watches = boundedList(lastOf(s.Watches, maxKept), func(one Watch) Watch {
		one.Name, one.Query, one.Kind = boundedText(one.Name), boundedText(one.Query), boundedName(one.Kind)
		return one
	})
	w := &s.Workload
	w.DiskGB, w.Hours, w.InGB, w.OutGB = boundedFigure(w.DiskGB), boundedFigure(w.Hours), boundedFigure(w.InGB), boundedFigure(w.OutGB)
	s.RentForms = boundedList(s.RentForms[:min(len(s.RentForms), maxRentForms)], RentForm.bounded)
	s.Lines = boundedList(s.Lines[:min(len(s.Lines), maxLines)], boundedText)
	tunnels := slices.DeleteFunc(slices.Clone(s.Tunnels), func(t Tunnel) bool { return !isPort(t.Local) || !isPort(t.Remote) || t.Name == "" })
	s.Tunnels = boundedList(lastOf(tunnels, maxTunnels), func(one Tunnel) Tunnel {
		one.Name, one.Bind, one.Host = boundedText(one.Name), boundedName(one.Bind), boundedName(one.Host)
		return one
	})
	return s
}

// bounded is l without names that are too long to be one, and without what is too much.
func (l Left) bounded() Left {
	long := func(name string) bool { return name == "" || len(name) > maxStateName }
	l.Account = boundedName(l.Account)
	l.Marks = slices.DeleteFunc(slices.Clone(l.Marks[:min(len(l.Marks), maxMarks)]), long)
	if len(l.Marks) == 0 {
		l.Marks = nil
	}
	if long(l.Cursor) {
		l.Cursor = ""
	}
	return l
}

func isPort(n int) bool { return n >= 1 && n <= 65535 }

func (f RentForm) bounded() RentForm {
	for _, text := range []*string{&f.Image, &f.Template, &f.Name, &f.Kind, &f.RunType, &f.GPU} {
		*text = boundedText(*text)
	}
	f.DiskGB, f.Bid = boundedFigure(f.DiskGB), boundedFigure(f.Bid)
	f.Ports = boundedNames(f.Ports)
	f.EnvNames = boundedNames(f.EnvNames)
	for n, name := range f.EnvNames {
		f.EnvNames[n], _, _ = strings.Cut(name, "=") // a value has no place here
	}
	return f
}

func lastOf[T any](list []T, n int) []T { return list[max(0, len(list)-n):] }

func boundedList[T any](list []T, bound func(T) T) []T {
	if len(list) == 0 {
		return nil
	}
	out := make([]T, len(list))
	for n, one := range list {
		out[n] = bound(one)
	}
	return out
}

func boundedNames(list []string) []string {
	return boundedList(list[:min(len(list), maxNames)], boundedName)
}

// boundedMap keeps the first n keys in alphabetical order, so that what stays does not depend on
// chance.
func boundedMap[T any](m map[string]T, n int, bound func(T) T) map[string]T {
	if len(m) == 0 {
		return nil
	}
	out := make(map[string]T, min(len(m), n))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if len(out) == n {
			break
		}
		out[boundedName(key)] = bound(m[key])
	}
	return out
}

func boundedText(s string) string { return beginning(s, maxStateText) }

func boundedName(s string) string { return beginning(s, maxStateName) }

// beginning is the first n bytes of s at most, cut between two characters.
func beginning(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = s[:n]
	for len(s) > 0 {
		if r, size := utf8.DecodeLastRuneInString(s); r != utf8.RuneError || size > 1 {
			break
		}
		s = s[:len(s)-1]
	}
	return s
}

func boundedFigure(v float64) float64 {
	if math.IsNaN(v) || math.Abs(v) > maxFigure {
		return 0
	}
	return v
}

// maxWidth is the widest column that is believed, in cells.
const maxWidth = 200

// boundedWidths is widths without those that no column can have, and without what is too much.
func boundedWidths(widths map[string]int) map[string]int {
	kept := maps.Clone(widths)
	maps.DeleteFunc(kept, func(name string, w int) bool { return name == "" || len(name) > maxStateName || w < 1 || w > maxWidth })
	for _, name := range slices.Sorted(maps.Keys(kept))[min(len(kept), maxNames):] {
		delete(kept, name)
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}
