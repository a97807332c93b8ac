package table

import (
	"slices"
	"time"

	"vastdeck/tui/theme"
)

// Model is a table of rows of type T that are told apart by keys of type K. Keys must be unique.
// When T is a large struct, use a pointer to it. A Model must not be copied once it is in use.
type Model[K comparable, T any] struct {
	// RowClass, when set, returns a class for all cells of a row; Plain leaves them as they are.
	// It is asked when a cell is, and must be pure.
	RowClass func(T) theme.Class
	// Found, when set, returns the parts of a cell's text, from (inclusive) to (exclusive) in bytes and
	// in their order, that are drawn as theme.Found. It is asked with Cell, and must be pure.
	Found func(column, text string) [][2]int
	// ShowPosition writes "12/345" at the right end of the header where there is room.
	ShowPosition bool

	// Offload leaves the arranging of more than AtOnce rows to Jobs: SetRows, Filter, Sort, Reverse and
	// SetColumns then only say what is wanted. Without it they arrange any number of rows at once.
	Offload bool

	key     func(T) K
	cols    []Column[T]
	view    []int          // the columns that are visible, in their order
	remarks uint64         // how often marks have changed
	widths  map[string]int // that the user has chosen, by column
	theme   *theme.Theme

	set[K, T]              // what is shown
	passes    func(T) bool // the filter it is shown with
	sort      sorting[T]
	then      sorting[T] // the order of rows that are equal in sort

	wish     wish[T] // what is asked for
	taken    version // of the last Job
	done     version // of what is shown
	number   uint64  // of the last Job
	limit    int     // AtOnce
	held     bool    // other rows are made elsewhere, see Hold
	homeward bool    // the cursor goes to the first row when the rows asked for come
	after    []func()

	cursor cursor[K]
	marks  bits // by row
	marked int  // how many

	anchor   K // the row that was marked last: where a range begins
	anchored bool

	picked    []T  // the marked rows that are shown
	pickedNow bool // picked is up to date

	top     int // first row on the screen
	visible int // rows on the screen when last drawn

	paint painter[K]
}

// New returns an empty table. The rows are shown in the order given until Sort is called.
func New[K comparable, T any](key func(T) K, cols []Column[T], th *theme.Theme) Model[K, T] {
	return Model[K, T]{
		key: key, cols: slices.Clone(cols), view: preset(cols), theme: th,
		limit: AtOnce, visible: 1,
		paint: painter[K]{lines: map[K]*line{}, flashFor: defaultFlash},
	}
}

// SetRows replaces the rows. The slice is kept and must not be changed afterwards. Sort order,
// filter and marks stay; marks of rows that are no longer there are dropped. The cursor stays on
// its key; see CursorVanished for when that is gone.
func (m *Model[K, T]) SetRows(rows []T) {
	m.wish.rows, m.held = rows, false
	m.wish.version.rows++
	m.arrange()
}

// Rows returns all rows that are arranged, in the order they were given. It must not be changed.
func (m *Model[K, T]) Rows() []T { return m.rows }

// Shown returns how many rows pass the filter.
func (m *Model[K, T]) Shown() int { return len(m.shown) }

// Total returns how many rows there are.
func (m *Model[K, T]) Total() int { return len(m.rows) }

// Get returns the row with the given key, shown or not.
func (m *Model[K, T]) Get(key K) (row T, ok bool) {
	if i, ok := m.index[key]; ok {
		return m.rows[i], true
	}
	return row, false
}

// At returns the row at a position among those shown, counted from 0.
func (m *Model[K, T]) At(pos int) (row T, ok bool) {
	if pos < 0 || pos >= len(m.shown) {
		return row, false
	}
	return m.rows[m.shown[pos]], true
}

// Filter shows only the rows that pass; nil shows all. The filter is kept for later rows. It counts
// as the user's own act: when it hides the row under the cursor, the cursor goes to the next row
// that is left and has not vanished.
func (m *Model[K, T]) Filter(keep func(T) bool) {
	m.wish.keep = keep
	m.wish.version.keep++
	m.arrange()
}

// SetTheme replaces the theme.
func (m *Model[K, T]) SetTheme(th *theme.Theme) {
	m.theme = th
	m.paint.reset()
}

// Invalidate makes the next Draw ask every cell again. It is for cells that depend on more than
// their row, such as the time.
func (m *Model[K, T]) Invalidate() { m.paint.invalidate() }

// SetFlash tells the table the time. After it has been called, a figure that changes on the screen
// is drawn in theme.Changed for a while; without it nothing flashes.
func (m *Model[K, T]) SetFlash(now time.Time) { m.paint.setNow(now) }

// FlashFor sets how long a changed figure is shown as such; it is two seconds otherwise.
func (m *Model[K, T]) FlashFor(d time.Duration) { m.paint.flashFor = d }

// Flash shows a figure as changed once its row is drawn: the user has seen another one, though not in
// this table.
func (m *Model[K, T]) Flash(key K, column string) {
	if m.paint.due == nil {
		m.paint.due = map[K]string{}
	}
	m.paint.due[key] = column
	m.paint.invalidate()
}

// FlashEnds returns when the first flash that is on the screen ends, so that the caller can draw again then.
func (m *Model[K, T]) FlashEnds() (end time.Time, ok bool) {
	return m.paint.nextEnd, !m.paint.nextEnd.IsZero()
}
