package listing

import (
	"fmt"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/table"
)

// Former brings back what was marked in a list when an earlier run left it, and what was under its
// cursor, and notes both for the next run.
//
// Marks come back once and all together: as soon as all of them are listed, else when the list is
// whole, without those that are gone. When the user has marked something before that, his marks
// count alone. The cursor comes back only as long as nothing was pressed in the view.
type Former[K comparable, T any] struct {
	List  string         // what it is noted under
	View  view.ID        // where the list is shown
	Name  func(T) string // of a row, the same in every run; "" = it has none, and is not noted
	Find  func(names []string, whole bool) Found[K]
	Quiet bool // nothing is said when marks come back: they are those of this run

	account string    // whose list it is, "" = not known yet
	wait    feed.Left // what has not come back yet
	tried   int       // the revision of the rows in which that was looked for last
	touched bool      // the user has pressed something in the view
	chosen  bool      // the row under the cursor is there because the user wanted it

	noted  uint64    // how often marks had changed when they were noted last
	when   time.Time // when that was
	came   uint64    // and when marks came back, 0 = none did
	cursor string    // as it was noted last
	at     K         // its key
	rests  K         // the row under the cursor when it was looked last
	looked time.Time // when that was

	unseen bool      // marks came back, and that was not said yet
	also   string    // what is said besides
	seen   time.Time // when they were seen first
}

// Found is which of the rows looked for are listed.
type Found[K comparable] struct {
	Keys []K
	Say  string // what else is to be said of them, "" = nothing
	Do   func() // done when they are marked; may be nil
}

// Stand is how complete the rows of a list are.
type Stand struct {
	Rev   int  // another one with other rows
	Whole bool // what is not listed now does not exist
}

// every is how often it is looked what has changed.
const every = time.Second

// lookFirst is for how long marks that have come back are only looked at.
const lookFirst = time.Second

// firm is how old what was noted of marks may become while they are there: they are forgotten by
// the time since they were noted.
const firm = time.Hour

// Anew says that the table has shown another list until now, whose marks are not those of f.
func (f *Former[K, T]) Anew(t *table.Model[K, T]) { f.noted = t.Remarks() }

// Update brings back what can be by now, and notes what has changed. It is called at the end of the
// view's own Update.
func (f *Former[K, T]) Update(env view.Env, msg tea.Msg, t *table.Model[K, T], s Stand) view.Effect {
	pressed := false
	switch msg.(type) {
	case tea.KeyPressMsg, tea.PasteMsg:
		pressed, f.touched = true, true
	case view.Touched, view.Focused:
		f.touched = true
	}
	whose := env.Desk.Whose
	if whose == "" {
		return view.Effect{} // it may be another account than the one that left something
	}
	if whose != f.account {
		f.take(env, whose)
	}
	e := view.Effect{}
	if f.waits(t) && !t.Pending() && (s.Whole || s.Rev != f.tried) {
		f.tried = s.Rev
		e = f.bring(env, t, s.Whole)
	}
	if _, hidden := msg.(view.Hidden); hidden {
		e = view.Join(e, f.Leave(env, t))
	} else if !pressed && env.Now.Sub(f.looked) >= every {
		f.looked = env.Now
		e = view.Join(e, f.look(env, t))
	}
	return view.Join(e, f.tell(env, t))
}

// take looks up what an earlier run left of this account's list.
func (f *Former[K, T]) take(env view.Env, account string) {
	f.account, f.tried = account, -1
	f.wait = env.Data.Memory.Left[f.List].Of(account, env.Now)
	f.cursor, f.when = f.wait.Cursor, env.Now
}

// waits reports whether something is still to come back.
func (f *Former[K, T]) waits(t *table.Model[K, T]) bool {
	if t.Remarks() != f.noted {
		f.wait.Marks = nil
	}
	if f.touched {
		f.wait.Cursor = ""
	}
	return len(f.wait.Marks) > 0 || f.wait.Cursor != ""
}

// bring brings back what is listed. When the list is whole nothing is waited for any more.
func (f *Former[K, T]) bring(env view.Env, t *table.Model[K, T], whole bool) view.Effect {
	f.point(t, whole)
	names := f.wait.Marks
	if len(names) == 0 {
		return view.Effect{}
	}
	found := f.Find(names, whole)
	if len(found.Keys) < len(names) && !whole {
		return view.Effect{}
	}
	f.wait.Marks = nil
	t.Mark(found.Keys...)
	if len(t.AllMarked(feed.MaxMarks)) > 0 {
		f.came, f.unseen, f.also = t.Remarks(), true, found.Say
		if found.Do != nil {
			found.Do()
		}
	}
	return f.note(env, t) // without those that are gone
}

// point puts the cursor where it was, if that is shown.
func (f *Former[K, T]) point(t *table.Model[K, T], whole bool) {
	name := f.wait.Cursor
	if name == "" {
		return
	}
	if keys := f.Find([]string{name}, whole).Keys; len(keys) > 0 && t.Select(keys[0]) {
		f.wait.Cursor, f.chosen, f.at = "", true, keys[0]
	} else if whole {
		f.wait.Cursor, f.cursor = "", ""
	}
}

// tell says once that marks came back, as soon as somebody sees them.
func (f *Former[K, T]) tell(env view.Env, t *table.Model[K, T]) view.Effect {
	if !f.unseen || env.Shown != f.View {
		return view.Effect{}
	}
	f.unseen, f.seen = false, env.Now
	n := len(t.AllMarked(feed.MaxMarks))
	if f.Quiet || n == 0 {
		return view.Effect{}
	}
	text, off := fmt.Sprintf("%d marks of the last run came back", n), "; esc takes them off"
	if n == 1 {
		text, off = "1 mark of the last run came back", "; esc takes it off"
	}
	if f.also != "" {
		text += ", " + f.also
	}
	return view.Do(view.Toast{Text: text + off})
}

// Just is why nothing that changes something is done with marks yet: they have only just come back,
// and what is pressed now may have been meant for the row under the cursor. "" = they were seen.
func (f *Former[K, T]) Just(now time.Time) string {
	if f.unseen || !f.seen.IsZero() && now.Sub(f.seen) < lookFirst {
		return "marks of the last run have just come back: look at them, then press it again"
	}
	return ""
}

// Untouched reports whether all marks are those that came back: none of them was made in this run.
func (f *Former[K, T]) Untouched(t *table.Model[K, T]) bool {
	return f.came > 0 && f.came == t.Remarks()
}

// look notes marks soon after they have changed, and the cursor when it rests.
func (f *Former[K, T]) look(env view.Env, t *table.Model[K, T]) view.Effect {
	key, ok := t.CursorKey()
	rested := ok && key == f.rests
	f.rests = key
	if t.Remarks() != f.noted || rested && f.moved(t) {
		return f.note(env, t)
	}
	return view.Effect{}
}

// Leave notes what has changed when the list is not looked at any more.
func (f *Former[K, T]) Leave(env view.Env, t *table.Model[K, T]) view.Effect {
	if f.account == "" || env.Desk.Whose != f.account {
		return view.Effect{}
	}
	f.waits(t)
	old := env.Now.Sub(f.when) > firm && len(t.AllMarked(feed.MaxMarks)) > 0
	if t.Remarks() != f.noted || f.moved(t) || old {
		return f.note(env, t)
	}
	return view.Effect{}
}

// moved reports whether the user wants another row under the cursor than the one that was noted.
func (f *Former[K, T]) moved(t *table.Model[K, T]) bool {
	key, ok := t.CursorKey()
	return ok && (f.touched || f.chosen) && key != f.at
}

// note has the next run find what is marked now.
func (f *Former[K, T]) note(env view.Env, t *table.Model[K, T]) view.Effect {
	l := feed.Left{Account: f.account, At: env.Now, Cursor: f.pointed(t)}
	if len(f.wait.Marks) > 0 {
		l.At, l.Marks = f.wait.At, f.wait.Marks // they have not come back yet
	} else {
		for _, r := range t.AllMarked(feed.MaxMarks) {
			if name := f.Name(r); name != "" {
				l.Marks = append(l.Marks, name)
			}
		}
	}
	f.noted, f.when, f.cursor = t.Remarks(), env.Now, l.Cursor
	return view.Do(view.Leave{List: f.List, Left: l})
}

// pointed is the name of the row that the user wants under the cursor.
func (f *Former[K, T]) pointed(t *table.Model[K, T]) string {
	r, ok := t.Cursor()
	if !ok || !f.touched && !f.chosen {
		return f.cursor
	}
	f.at, _ = t.CursorKey()
	return f.Name(r)
}

// ByKey finds rows whose names tell their keys.
func ByKey[K comparable, T any](t *table.Model[K, T], key func(name string) (K, bool)) func([]string, bool) Found[K] {
	return func(names []string, _ bool) Found[K] {
		found := Found[K]{Keys: make([]K, 0, len(names))}
		for _, name := range names {
			if k, ok := key(name); ok {
				if _, here := t.Get(k); here {
					found.Keys = append(found.Keys, k)
				}
			}
		}
		return found
	}
}

// ID reads a name that is the number of a row.
func ID[K ~int64](name string) (K, bool) {
	n, err := strconv.ParseInt(name, 10, 64)
	return K(n), err == nil && n > 0
}

// Pointed reports whether the row under the cursor is one that an earlier run left there.
func (f *Former[K, T]) Pointed() bool { return f.chosen }
