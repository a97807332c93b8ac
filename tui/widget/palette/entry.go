package palette

import (
	"cmp"
	"slices"
)

// Entry is something that a line can find.
type Entry struct {
	Kind     string // what it is, in a word: "key", "view", "instance"
	Name     string // what it is found by and what is shown
	Also     string // other words it is found by, from their beginnings on; not shown
	About    string // what it is about: words of the line that begin one of these may stand there too
	Key      string // the key that does the same, "" = none
	Detail   string // what stands behind the name
	Disabled string // why it cannot be done now, "" when it can
	Line     string // what stands in the line once it is completed; "" = Name
	Ref      any    // whoever made it knows what this is
}

// Completed is what stands in the line once the entry is completed.
func (e Entry) Completed() string { return cmp.Or(e.Line, e.Name) }

// What moves an entry within its kind of match.
const (
	recentBonus   = 60 // the newest of those that were used before; older ones get less
	disabledMalus = 30
	alsoMalus     = 50 // found by words that are not shown
)

// Finder collects the best entries for a line.
type Finder struct {
	query  Query
	recent []string // lines that were used, the newest first
	most   int
	found  []scored
	total  int
	full   bool // as many as are kept are at least as good as least
	least  int
}

type scored struct {
	entry Entry
	score int
	order int
}

// NewFinder begins a search that keeps at most most entries. recent are lines that were
// used before, the newest first: what they name comes before others of its kind.
func NewFinder(line string, recent []string, most int) *Finder {
	return &Finder{query: NewQuery(line), recent: recent, most: max(1, most)}
}

// Query is what is looked for.
func (f *Finder) Query() Query { return f.query }

// Add takes an entry in if it fits. bonus moves it against others that fit alike.
func (f *Finder) Add(e Entry, bonus int) {
	score, ok := f.query.Rank(e.Name)
	if e.Also != "" || e.About != "" {
		if also, fits := f.query.RankWords(e.Name, e.Also, e.About); fits && (!ok || also-alsoMalus > score) {
			score, ok = also-alsoMalus, true
		}
	}
	if !ok {
		return
	}
	if e.Disabled != "" {
		bonus -= disabledMalus
	}
	f.Put(e, score+bonus+f.used(e))
}

// Firm reports whether an entry has the words of the line, and not their letters alone.
func (f *Finder) Firm(e Entry) bool {
	if score, ok := f.query.Rank(e.Name); ok && !Loose(score) {
		return true
	}
	_, ok := f.query.RankWords(e.Name, e.Also, e.About)
	return ok
}

// Put takes an entry in whose score is known; see Query.Rank.
func (f *Finder) Put(e Entry, score int) {
	f.total++
	if !f.Room(score) {
		return
	}
	if len(f.found) >= 2*f.most {
		f.cut()
	}
	f.found = append(f.found, scored{e, score, f.total})
}

// Room reports whether an entry of that score would be among the best as far as it is
// known now: whoever makes entries can do without making one that would not.
func (f *Finder) Room(score int) bool {
	return !f.full || score > f.least
}

// Missed counts an entry that fits and was not made.
func (f *Finder) Missed() { f.total++ }

func (f *Finder) used(e Entry) int {
	if i := slices.Index(f.recent, e.Completed()); i >= 0 {
		return max(1, recentBonus-i)
	}
	return 0
}

func (f *Finder) cut() {
	slices.SortFunc(f.found, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.order, b.order))
	})
	if len(f.found) >= f.most {
		f.found = f.found[:f.most]
		f.full, f.least = true, f.found[f.most-1].score
	}
}

// Best are the entries that fit best, the best first, and how many fit in all.
func (f *Finder) Best() (list []Entry, total int) {
	f.cut()
	list = make([]Entry, len(f.found))
	for i, s := range f.found {
		list[i] = s.entry
	}
	return list, f.total
}
