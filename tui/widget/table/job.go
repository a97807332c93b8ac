package table

// AtOnce is the number of rows up to which a table is arranged in the call that asks for it. With
// Offload, more rows than that are arranged by a Job.
const AtOnce = 2500

// ArrangeAtOnce sets another number than AtOnce, for a filter that is slower than most.
func (m *Model[K, T]) ArrangeAtOnce(rows int) { m.limit = rows }

// version counts what has been asked for, one number for each kind of change.
type version struct{ rows, keep, order uint64 }

// wish is what the rows shall be; the model's set is what they are.
type wish[T any] struct {
	rows    []T
	keep    func(T) bool
	version version
}

// Job is the work of arranging rows: their keys, order and filter. It is a value of its own: nothing
// it holds is changed while it runs, so Run may be called on another goroutine. What runs there is
// the table's key function, Num, Str, Less and Unknown of the columns sorted by, and the filter;
// they must be pure and must read nothing that changes meanwhile.
type Job[K comparable, T any] struct {
	number  uint64
	version version
	from    set[K, T]
	rows    []T
	fresh   bool // rows are others than those of from
	resort  bool
	key     func(T) K
	keep    func(T) bool
	sort    sorting[T]
	then    sorting[T]
}

// Arrangement is the result of a Job, to be handed to Install of the same table.
type Arrangement[K comparable, T any] struct {
	number  uint64
	version version
	fresh   bool
	now     []int32 // by old row, the new row with its key, or -1; nil when each row is where it was
	set     set[K, T]
	keep    func(T) bool
}

// Stale reports whether something has been asked for that no Job has been taken for: call Job.
func (m *Model[K, T]) Stale() bool { return m.wish.version != m.taken }

// Pending reports whether the rows shown are not yet those asked for. Until Install has brought
// them, Cursor has nothing, so that no action meets a row that the user has not seen.
func (m *Model[K, T]) Pending() bool { return m.held || m.wish.version != m.done }

// Hold says that other rows are being made elsewhere: the table is Pending until SetRows brings them.
func (m *Model[K, T]) Hold() {
	m.held = true
	m.paint.touch()
}

// Job returns the work that leads to what has been asked for; there is none unless the table is
// Stale. The result of a Job that was taken before is refused from now on.
func (m *Model[K, T]) Job() (job Job[K, T], ok bool) {
	if !m.Stale() {
		return job, false
	}
	return m.take(), true
}

func (m *Model[K, T]) take() Job[K, T] {
	m.number++
	m.taken = m.wish.version
	return Job[K, T]{
		number: m.number, version: m.taken,
		from: m.set, rows: m.wish.rows, key: m.key, keep: m.wish.keep,
		fresh: m.wish.version.rows != m.done.rows, resort: m.wish.version.order != m.done.order,
		sort: m.sort, then: m.then,
	}
}

// Run arranges the rows. It takes about 1 ms for 10,000 rows and 6 ms for 50,000, more for
// rows that are new.
func (j Job[K, T]) Run() Arrangement[K, T] {
	a := Arrangement[K, T]{number: j.number, version: j.version, fresh: j.fresh, set: j.from, keep: j.keep}
	if j.fresh {
		a.set, a.now = j.from.successor(j.rows, j.key)
	}
	if j.fresh || j.resort {
		a.set.order = j.ordered(a.set, a.now)
	}
	a.set.filter(j.keep)
	return a
}

// Install shows the result of a Job and reports whether it did. It is refused when another Job has
// been taken since or when order or columns have been changed; the table is Stale again then, unless
// that other Job is still to come. New rows or another filter since do not refuse it: it is shown,
// and the table stays Stale.
func (m *Model[K, T]) Install(a Arrangement[K, T]) bool {
	if a.number == 0 || a.number != m.number {
		return false
	}
	m.number++ // neither this one a second time
	if a.version.order != m.wish.version.order {
		m.taken = m.done
		return false
	}
	before, passed := m.set, m.passes
	m.set, m.passes, m.done = a.set, a.keep, a.version
	m.pickedNow = false
	if a.fresh {
		m.carryMarks(a.now)
	}
	m.relocate(before, a, passed)
	if a.fresh {
		m.paint.newRows()
	} else {
		m.paint.touch()
	}
	m.catchUp()
	return true
}

// Drop says that no result will come of the Job taken last, because it was cancelled or has failed.
// The table is Stale again.
func (m *Model[K, T]) Drop() {
	m.number++
	m.taken = m.done
}

// arrange brings about what has been asked for, or leaves it to a Job.
func (m *Model[K, T]) arrange() {
	if m.Offload && max(len(m.wish.rows), len(m.rows)) > m.limit {
		m.paint.touch()
		return
	}
	m.Install(m.take().Run())
}

// catchUp does what the user asked for while the rows were being arranged.
func (m *Model[K, T]) catchUp() {
	if m.Pending() {
		return
	}
	if m.homeward {
		m.Home()
	}
	after := m.after
	m.after = nil
	for _, act := range after {
		act()
	}
}

// afterwards does an act that concerns all rows shown: now, or when those asked for are shown.
func (m *Model[K, T]) afterwards(act func()) {
	if m.Pending() {
		m.after = append(m.after, act)
		return
	}
	act()
}
