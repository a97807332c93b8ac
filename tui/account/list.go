package account

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/tui/widget/table"
)

// list is what the parts that are lists have in common: a table, the detail of the row
// under the cursor, and the place where that is scrolled to.
type list[T any] struct {
	name   string // what the order is remembered by
	table  table.Model[string, *T]
	detail bool
	scroll int
	moved  bool // the user has chosen a row
	above  int  // lines that the part has above the list
}

func newList[T any](name string, key func(*T) string, columns []table.Column[*T], th *theme.Theme) list[T] {
	l := list[T]{name: name, table: table.New(key, columns, th)}
	l.table.Offload = true
	return l
}

// take gives the list its rows; the cursor begins at the top.
func (l *list[T]) take(env view.Env, rows []*T) view.Effect {
	l.table.SetTheme(env.Theme)
	l.table.SetRows(rows)
	if !l.moved {
		l.table.Home()
	}
	return l.arrange(env)
}

// arrange has the table arranged elsewhere when there is too much of it for here.
func (l *list[T]) arrange(env view.Env) view.Effect {
	job, ok := l.table.Job()
	if !ok {
		return view.Effect{}
	}
	return view.Wait(command.Compute(env.Load, command.Topic("account/"+l.name), job.Run))
}

// hear takes in what the list as such is about: the order it was left in, the theme,
// and what was arranged elsewhere.
func (l *list[T]) hear(env view.Env, msg tea.Msg) view.Effect {
	switch msg := msg.(type) {
	case command.Computed[table.Arrangement[string, *T]]:
		if msg.Err != nil {
			l.table.Drop() // the next change of the list arranges it anew
			return view.Effect{}
		}
		l.table.Install(msg.Value)
		return l.arrange(env)
	case tea.BackgroundColorMsg:
		l.table.SetTheme(env.Theme)
	case command.MemoryLoaded:
		if t := env.Data.Memory.Tables[l.name]; t.Sort != "" {
			l.table.Sort(t.Sort, t.Desc)
		}
	}
	return view.Effect{}
}

// move takes a key that moves in the table. Nothing is marked here: what is done is
// about one row.
func (l *list[T]) move(msg tea.Msg) {
	if k, ok := msg.(tea.KeyPressMsg); ok && !marking(k) && l.table.Update(k) {
		l.scroll, l.moved = 0, true
	}
}

func marking(k tea.KeyPressMsg) bool {
	return slices.Contains([]string{"space", "v", "*", "i"}, k.String())
}

// arranged remembers the order.
func (l *list[T]) arranged(env view.Env) view.Effect {
	name := l.name
	sort, desc := l.table.SortBy()
	return view.Join(l.arrange(env), view.Do(view.Remember{Change: func(mem *feed.Memory) {
		t := mem.Tables[name]
		t.Sort, t.Desc = sort, desc
		mem.SetTable(name, t)
	}}))
}

// actions are the keys of every list; none is why there is no row, "" = there is one.
func (l *list[T]) actions(env view.Env, none string, facts func(*T) []pane.Fact) []view.Action {
	closed := ""
	if !l.detail {
		closed = "the detail is closed: enter opens it"
	}
	by := func(n int) func() view.Effect {
		return func() view.Effect {
			if r, ok := l.table.Cursor(); ok {
				s := l.split(env.Size.W, env.Size.H-1-l.above)
				l.scroll = max(0, min(l.scroll+n, pane.MaxScroll(facts(r), s.DetailW, s.DetailH)))
			}
			return view.Effect{}
		}
	}
	return []view.Action{
		act("enter", "detail", none, func() view.Effect { l.detail, l.scroll = !l.detail, 0; return view.Effect{} }),
		quiet("o", "sort by the next column", "", func() view.Effect { l.table.NextSort(); return l.arranged(env) }),
		quiet("O", "reverse the order", "", func() view.Effect { l.table.Reverse(); return l.arranged(env) }),
		quiet("}", "scroll the detail", closed, by(3)),
		quiet("{", "scroll the detail back", closed, by(-3)),
	}
}

// act makes an action that the bottom line shows, quiet one that only the help does.
var act, quiet = view.In(section)

// back closes the detail.
func (l *list[T]) back() bool {
	was := l.detail
	l.detail, l.scroll = false, 0
	return was
}

// split shares h lines of w cells, of which the last one is the status.
func (l *list[T]) split(w, h int) pane.Split {
	return pane.Of(w, max(0, h-1), l.detail, view.Wide)
}

// draw draws the table, or notes in place of an empty one, the detail, and a line below.
func (l *list[T]) draw(env view.Env, w, h int, notes []pane.Note, heading func(*T) string, facts func(*T) []pane.Fact, status string) string {
	s := l.split(w, h)
	body := ""
	if l.table.Shown() > 0 || l.table.Pending() {
		body = l.table.Draw(s.ListW, s.ListH)
	} else {
		body = pane.Notes(env.Theme, s.ListW, s.ListH, notes...)
	}
	detail := ""
	if s.DetailW > 0 && s.DetailH > 0 {
		if r, ok := l.table.Cursor(); ok {
			detail = pane.Facts(env.Theme, heading(r), facts(r), l.scroll, s.DetailW, s.DetailH)
		} else {
			detail = fit.Block([]string{" no row is selected"}, s.DetailW, s.DetailH)
		}
	}
	class := theme.Dim
	if strings.HasPrefix(status, "!") {
		class = theme.Bad
	}
	line := env.Theme.Ink(class).Paint(fit.Line(strings.TrimSuffix(" "+status, " "), w))
	if h < 2 {
		return fit.Block([]string{line}, w, h)
	}
	return pane.Join(env.Theme, s, body, detail) + "\n" + line
}

// first is the first of the reasons that is one.
func first(why ...string) string {
	for _, w := range why {
		if w != "" {
			return w
		}
	}
	return ""
}

// wrong is what went wrong with getting newer what is shown.
func wrong[T any](f feed.Feed[T]) []string {
	if f.Err == nil || !f.Told() {
		return nil
	}
	return []string{"! " + view.Sentence(f.Err)}
}

// told is how old what is shown is.
func told[T any](env view.Env, f feed.Feed[T]) []string {
	if !f.Told() {
		return nil
	}
	return []string{since(f.At, env.Now)}
}

// since is how long ago something was read, in steps.
func since(t, now time.Time) string {
	a := figure.Age(now.Sub(t))
	if a == "now" {
		return "read just now"
	}
	return "read " + a + " ago"
}

// unread are the notes in place of a list that there is no answer about; ok reports
// whether there is one.
func unread[T any](f feed.Feed[T], what string) (notes []pane.Note, ok bool) {
	switch {
	case f.Told():
		return nil, true
	case f.Err != nil:
		return []pane.Note{{Class: theme.Bad, Text: view.Sentence(f.Err)}, {Class: theme.Dim, Text: "ctrl+r asks once more."}}, false
	}
	return []pane.Note{{Class: theme.Dim, Text: "reading " + what + "…"}}, false
}

// stamp is a time of the wall, "—" when it is not told.
func stamp(t time.Time) string {
	if t.IsZero() {
		return figure.Unknown
	}
	return t.Local().Format("2006-01-02 15:04:05")
}

// minute is a time of the wall to the minute, as wide as a column is at least.
func minute(t time.Time) string {
	if t.IsZero() {
		return figure.Unknown
	}
	return t.Local().Format("2006-01-02 15:04")
}

// day is the date of a time.
func day(t time.Time) string {
	if t.IsZero() {
		return figure.Unknown
	}
	return t.Local().Format(time.DateOnly)
}

// ago is how long ago a time was, "never told" when it is not known.
func ago(t, now time.Time) string {
	if t.IsZero() {
		return figure.Unknown
	}
	a := figure.Age(now.Sub(t))
	if a == "now" {
		return a
	}
	return a + " ago"
}
