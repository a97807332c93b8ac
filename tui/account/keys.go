package account

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/pane"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// console are the pages of the web console on which the same can be done.
const (
	consoleKeys    = "https://cloud.vast.ai/manage-keys/"
	consoleAccount = "https://cloud.vast.ai/account/"
)

// keyRow is one API key of the account.
type keyRow struct {
	vastapi.APIKey
	current bool      // this run is made with it
	used    time.Time // when the audit log saw it last; zero = not told
	from    string    // and from where
}

// keyPart is the list of the account's API keys.
type keyPart struct {
	list[keyRow]
	made seenKeys
}

// seenKeys is what the rows were made of.
type seenKeys struct {
	keys, audit time.Time
	current     int64
	told        bool
}

func newKeyPart(th *theme.Theme) *keyPart {
	p := &keyPart{list: newList("apikeys", func(r *keyRow) string { return strconv.FormatInt(r.ID, 10) }, keyColumns(), th)}
	p.table.Sort("id", true)
	return p
}

func keyColumns() []table.Column[*keyRow] {
	return []table.Column[*keyRow]{
		{ID: "id", Title: "ID", Min: 8, Ideal: 9, Right: true, Desc: true, Num: func(r *keyRow) float64 { return float64(r.ID) },
			Cell: func(r *keyRow) (string, theme.Class) { return strconv.FormatInt(r.ID, 10), theme.Accent }},
		{ID: "run", Title: "This run", Min: 8, Ideal: 10, Priority: 1, Str: (*keyRow).mark,
			Cell: func(r *keyRow) (string, theme.Class) { return figure.Text(r.mark()), theme.Good }},
		{ID: "created", Title: "Created", Min: 10, Ideal: 10, Priority: 3, Desc: true, Num: func(r *keyRow) float64 { return seconds(r.Created) },
			Cell: func(r *keyRow) (string, theme.Class) { return day(r.Created), theme.Dim }},
		{ID: "used", Title: "Last used", Min: 16, Ideal: 16, Priority: 4, Desc: true, Num: func(r *keyRow) float64 { return seconds(r.used) },
			Cell: func(r *keyRow) (string, theme.Class) { return minute(r.used), theme.Dim }},
		{ID: "may", Title: "May", Min: 18, Ideal: 44, Flex: 3, Priority: 2, Str: func(r *keyRow) string { return mayText(r.Grant) },
			Cell: func(r *keyRow) (string, theme.Class) { return mayText(r.Grant), mayClass(r.Grant) }},
		{ID: "name", Title: "Name", Min: 12, Ideal: 24, Flex: 2, Str: func(r *keyRow) string { return r.Name.String() },
			Cell: func(r *keyRow) (string, theme.Class) { return figure.Text(r.Name.String()), theme.Strong }},
	}
}

func (r *keyRow) mark() string {
	if r.current {
		return "● in use"
	}
	return ""
}

// mayText is what a key may do, in words: the name of a ready choice where it is one.
func mayText(g vastapi.Grant) string {
	switch {
	case !g.Told():
		return "not told"
	case g.All():
		return "everything"
	}
	for _, p := range vastapi.Presets() {
		if p.Groups != nil && same(g, p.Permissions().Grant()) {
			return p.Name + " (" + g.String() + ")"
		}
	}
	return g.String()
}

// same reports whether two grants hold the same groups wholly.
func same(a, b vastapi.Grant) bool {
	for _, r := range vastapi.AllRights() {
		if a.Has(r) != b.Has(r) || a.Narrow(r) != b.Narrow(r) {
			return false
		}
	}
	return true
}

func mayClass(g vastapi.Grant) theme.Class {
	switch {
	case !g.Told():
		return theme.Dim
	case g.All():
		return theme.Warn
	}
	return theme.Plain
}

func (p *keyPart) title(env view.Env) (string, string) {
	if !env.Data.APIKeys.Told() {
		return "API keys", ""
	}
	return "API keys", strconv.Itoa(len(env.Data.APIKeys.Value))
}

func (p *keyPart) capturing() bool                                 { return false }
func (p *keyPart) back(*Model, view.Env) (view.Effect, bool)       { return view.Effect{}, p.list.back() }
func (p *keyPart) key(_ *Model, _ view.Env, m tea.Msg) view.Effect { p.move(m); return view.Effect{} }
func (p *keyPart) every() time.Duration                            { return command.EveryKeys }

// load asks for the keys, and for the log that says when they were used.
func (p *keyPart) load(env view.Env) tea.Cmd {
	return tea.Batch(env.Load.LoadAPIKeys(), env.Load.LoadAuditLog())
}

func (p *keyPart) news(_ *Model, env view.Env, msg tea.Msg) view.Effect {
	e := p.hear(env, msg)
	d := env.Data
	now := seenKeys{keys: d.APIKeys.At, audit: d.Audit.At, current: d.User.Value.KeyID, told: d.APIKeys.Told()}
	if now != p.made {
		p.made = now
		e = view.Join(e, p.take(env, keyRows(env)))
	}
	return e
}

// keyRows are the keys with what the account and its log say of them.
func keyRows(env view.Env) []*keyRow {
	keys := env.Data.APIKeys.Value
	rows := make([]*keyRow, len(keys))
	byID := make(map[int64]*keyRow, len(keys))
	for n := range keys {
		rows[n] = &keyRow{APIKey: keys[n], current: keys[n].ID == env.Data.User.Value.KeyID}
		byID[keys[n].ID] = rows[n]
	}
	for n := range env.Data.Audit.Value.List {
		e := &env.Data.Audit.Value.List[n] // the newest first
		if r := byID[e.Key]; r != nil && r.used.IsZero() {
			r.used, r.from = e.At, e.IP.String()
		}
	}
	return rows
}

// none is why there is no key to do something with, or "".
func (p *keyPart) none(env view.Env) string {
	f := env.Data.APIKeys
	if _, ok := p.table.Cursor(); ok {
		return ""
	}
	switch {
	case f.Err != nil && !f.Told():
		return "the keys could not be read"
	case !f.Told():
		return "the keys are still being read"
	case p.table.Total() == 0:
		return "the account tells no API key"
	}
	return "the key under the cursor is gone: move to choose another"
}

func (p *keyPart) actions(m *Model, env view.Env) []view.Action {
	none := p.none(env)
	r, _ := p.table.Cursor()
	if r == nil {
		r = &keyRow{}
	}
	list := []view.Action{
		act("n", "new key…", env.ChangingBy(vastapi.RightUserWrite, ""), func() view.Effect { return askKey(env) }),
		act("D", "delete…", env.ChangingBy(vastapi.RightUserWrite, first(none, unsure(env))), func() view.Effect { return deleteKey(env, r.APIKey) }),
		m.logInAction(env),
		quiet("a", "what the log says of it", first(none, env.Asking(vastapi.RightUserRead, "")), func() view.Effect { return m.openLog(env, fmt.Sprintf("key=%d", r.ID)) }),
		quiet("y", "copy…", none, func() view.Effect {
			return m.copyMenu(fmt.Sprintf("Copy of API key %d", r.ID), "the key is gone", r.copies)
		}),
		quiet("J", "raw JSON", env.Asking(vastapi.RightUserRead, none), func() view.Effect { return m.openRaw(env, command.RawAPIKey{ID: r.ID}) }),
		quiet("C", "copy the request", "", func() view.Effect { return view.Do(view.Copy{Text: "vastai show api-keys", What: "the request"}) }),
		quiet("U", "copy the console's address", "", func() view.Effect { return view.Do(view.Copy{Text: consoleKeys, What: "the console's page of keys"}) }),
	}
	return append(list, p.list.actions(env, none, func(r *keyRow) []pane.Fact { return keyDetail(env, r) })...)
}

func (p *keyPart) draw(_ *Model, env view.Env, w, h int) (string, *tea.Cursor) {
	f := env.Data.APIKeys
	notes, ok := unread(f, "the API keys")
	if ok {
		notes = []pane.Note{{Text: "The account tells no API key."}, {Class: theme.Dim, Text: "n makes one; it is shown once."}}
	}
	parts := append(wrong(f), told(env, f)...)
	if env.Data.User.Told() && env.Data.User.Value.KeyID == 0 && f.Told() {
		parts = append(parts, "the server does not say which one this run has")
	}
	if p.table.CursorVanished() && p.table.Shown() > 0 {
		parts = append(parts, "the key under the cursor is gone")
	}
	heading := func(r *keyRow) string { return fmt.Sprintf("API key %d", r.ID) }
	return p.list.draw(env, w, h, notes, heading, func(r *keyRow) []pane.Fact { return keyDetail(env, r) }, strings.Join(parts, " · ")), nil
}

// keyDetail is all that is known of a key.
func keyDetail(env view.Env, r *keyRow) []pane.Fact {
	var f facts
	f.add("name", figure.Text(r.Name.String()), theme.Strong)
	if r.current {
		f.add("this run", "● is made with this key, which is from: "+sourceText(env.Session), theme.Good)
	} else {
		f.add("this run", "has another key", theme.Plain)
	}
	f.when(!r.Type.Empty(), "kind", r.Type.String(), theme.Plain)
	f.when(!r.Team.Empty(), "team", r.Team.String(), theme.Plain)
	f.add("created", stamp(r.Created), theme.Plain)
	switch {
	case !r.used.IsZero():
		f.add("last used", stamp(r.used)+", "+ago(r.used, env.Now), theme.Plain)
		f.when(r.from != "", "", "from "+r.from+", as the audit log tells", theme.Plain)
	case !env.Data.Audit.Told():
		f.add("last used", "not known: the audit log has not been read", theme.Dim)
	default:
		f.add("last used", "the audit log does not name it; reading alone is not noted there", theme.Dim)
	}
	f.gap()
	f.add("may", mayText(r.Grant), mayClass(r.Grant))
	for _, right := range vastapi.AllRights() {
		switch has := r.Grant.Has(right); {
		case has.Yes() && r.Grant.Narrow(right):
			f.add("", "● "+right.Words()+", in part ("+string(right)+")", theme.Good)
		case has.Yes():
			f.add("", "● "+right.Words()+" ("+string(right)+")", theme.Good)
		case has.No():
			f.add("", "✗ not: "+right.Words()+" ("+string(right)+")", theme.Dim)
		}
	}
	f.gap()
	f.add("key itself", "was shown once, when it was made; nobody can read it again", theme.Dim)
	f.add("console", consoleKeys, theme.Link)
	return f.list
}

// unsure is why no key can be deleted yet: it may be the one that this run has.
func unsure(env view.Env) string {
	if u := env.Data.User; !u.Told() && u.Err == nil {
		return "it is still being read which key this run has"
	}
	return ""
}

// deleteKey asks about taking a key from the account.
func deleteKey(env view.Env, k vastapi.APIKey) view.Effect {
	current := env.Data.User.Value.KeyID
	p, err := rental.PlanDeleteAPIKey(k, k.ID == current, env.Desk)
	if err != nil {
		return failed("", err)
	}
	if current == 0 {
		p.Warnings = append(p.Warnings, rental.Warning{Level: rental.Caution, Text: "The server does not say which key this run has: if it is this one, this run is logged out by it."})
	}
	return view.Do(view.Confirm{Plan: p, Again: func(env view.Env, _ string) view.Effect {
		for _, now := range env.Data.APIKeys.Value {
			if now.ID == k.ID {
				return deleteKey(env, now)
			}
		}
		return view.Do(view.Toast{Text: "nothing is left to do: the key is gone"})
	}})
}
