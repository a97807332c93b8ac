package account

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/tui/widget/queryline"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/safetext"
)

// logPart is the audit log of the account, each line with what this machine's journal
// knows of it.
type logPart struct {
	list[logged]
	query  queryline.Model
	typed  offerql.Filter[logged]
	values offerql.Known // what the fields hold, for completing; nil = not counted yet
	all    []*logged
	made   seenLog
	ours   int    // lines that the journal knows
	others int    // lines made by other keys, or from other addresses
	wanted string // the operation whose line is looked for; "" = none
	alone  int    // operations that the log does not tell
}

// seenLog is what the rows were made of.
type seenLog struct {
	log, journal, keys time.Time
	current            int64
}

func newLogPart(th *theme.Theme) *logPart {
	p := &logPart{list: newList("audit", func(e *logged) string { return e.key }, auditColumns(), th), query: queryline.New(th)}
	p.above = 1
	p.table.Sort("at", true)
	p.query.Placeholder = "type / to filter, e.g. who=other, ip=10.0.0.7, destroy, id=1234, ours=no"
	return p
}

func (p *logPart) title(env view.Env) (string, string) {
	if p.others > 0 {
		return "Audit log", strconv.Itoa(p.others) + " by others"
	}
	return "Audit log", ""
}

func (p *logPart) capturing() bool      { return p.query.Focused() }
func (p *logPart) every() time.Duration { return command.EveryAudit }

// load asks for the log and reads the journals that it is linked with; and for the names
// of the keys in it.
func (p *logPart) load(env view.Env) tea.Cmd {
	both := tea.Batch(env.Load.LoadAuditLog(), env.Load.LoadJournal())
	if env.Data.APIKeys.Told() {
		return both
	}
	return tea.Batch(both, env.Load.LoadAPIKeys())
}

func (p *logPart) news(_ *Model, env view.Env, msg tea.Msg) view.Effect {
	e := p.hear(env, msg)
	switch msg := msg.(type) {
	case tea.BackgroundColorMsg:
		p.query.SetTheme(env.Theme)
	case command.Computed[[]*logged]:
		if msg.Err == nil {
			e = view.Join(e, p.linked(env, msg.Value))
		}
	}
	d := env.Data
	now := seenLog{log: d.Audit.At, journal: d.Journal.At, keys: d.APIKeys.At, current: d.User.Value.KeyID}
	if now == p.made || !d.Audit.Told() {
		return e
	}
	p.made = now
	ahead, _ := env.Load.Skew()
	if ahead.Abs() < slack {
		ahead = 0
	}
	log, past, of, read := d.Audit.Value.List, d.Journal.Value.Recent, originOf(env), d.Audit.At.Add(ahead)
	link := func() []*logged { return entries(log, past, of, ahead, read) }
	if len(log)+len(past) <= fewEntries {
		return view.Join(e, p.linked(env, link()))
	}
	return view.Join(e, view.Wait(command.Compute(env.Load, "account/linking", link)))
}

// fewEntries is how many entries and operations are linked, and filtered, within a key.
const fewEntries = 300

// linked puts entries that were linked with the journal into the list.
func (p *logPart) linked(env view.Env, rows []*logged) view.Effect {
	p.all, p.values = rows, nil
	p.ours, p.others, p.alone = 0, 0, 0
	for _, e := range rows {
		switch {
		case e.noted == nil:
			p.alone++
		case e.ours != nil:
			p.ours++
		case e.class == theme.Warn || e.away:
			p.others++
		}
	}
	e := p.take(env, rows)
	p.seek()
	return e
}

// originOf is what is known of the keys.
func originOf(env view.Env) origin {
	o := origin{current: env.Data.User.Value.KeyID}
	if env.Data.APIKeys.Told() {
		o.names = map[int64]string{}
		for _, k := range env.Data.APIKeys.Value {
			o.names[k.ID] = k.Name.String()
		}
	}
	return o
}

// showAudit shows the log with the cursor on the line that an operation is linked with, once
// that has been read.
func (m *Model) showAudit(env view.Env, operation string) view.Effect {
	e := m.openLog(env, "")
	if l, ok := m.shown().(*logPart); ok {
		l.wanted = operation
		l.seek()
	}
	return e
}

// seek puts the cursor on the line that was asked for, when it is there.
func (p *logPart) seek() {
	for _, e := range p.all {
		if p.wanted != "" && e.ours != nil && e.ours.Op.ID == p.wanted && p.table.Select(e.key) {
			p.wanted, p.moved, p.scroll = "", true, 0
			return
		}
	}
}

// openLog shows the log, filtered.
func (m *Model) openLog(env view.Env, filter string) view.Effect {
	for n, p := range m.parts {
		if l, ok := p.part.(*logPart); ok {
			e := m.open(env, n)
			l.query.SetValue(filter)
			return view.Join(e, l.read(env))
		}
	}
	return view.Effect{}
}

func (p *logPart) back(_ *Model, env view.Env) (view.Effect, bool) {
	switch {
	case p.list.back():
	case p.query.Value() != "":
		p.query.Reset()
		return p.read(env), true
	default:
		return view.Effect{}, false
	}
	return view.Effect{}, true
}

func (p *logPart) key(_ *Model, env view.Env, msg tea.Msg) view.Effect {
	p.wanted = "" // the user goes on by hand
	if !p.query.Focused() {
		p.move(msg)
		return view.Effect{}
	}
	if !p.query.Update(msg) {
		return view.Effect{}
	}
	e := p.read(env)
	if _, pasted := msg.(tea.PasteMsg); pasted {
		p.query.Complete(0, 0, nil)
	} else {
		p.suggest(false)
	}
	return e
}

// read reads the line: what it admits is shown at once, a mistake is marked.
func (p *logPart) read(env view.Env) view.Effect {
	q, usable, err := auditLanguage.ParseTyped(p.query.Value())
	p.query.SetProblem(nil)
	var bad *offerql.Error
	if errors.As(err, &bad) {
		var problem queryline.Problem
		problem.From, problem.To = bad.Span(p.query.Value())
		if bad.Kind != offerql.Unfinished {
			problem.Message = bad.Reason()
		}
		p.query.SetProblem(&problem)
	}
	if !usable || q.Equal(p.typed) {
		return view.Effect{}
	}
	p.typed = q
	if q.Empty() {
		p.table.ArrangeAtOnce(table.AtOnce)
		p.table.Filter(nil)
	} else {
		p.table.ArrangeAtOnce(fewEntries)
		p.table.Filter(q.Match)
	}
	return p.arrange(env)
}

func (p *logPart) suggest(asked bool) {
	from, to, found := auditLanguage.Suggest(p.query.Value(), p.query.Pos(), asked, func() offerql.Known {
		if p.values == nil {
			p.values = auditLanguage.Known(p.all)
		}
		return p.values
	})
	var list []queryline.Candidate
	for _, c := range found {
		list = append(list, queryline.Candidate{Text: c.Text, Help: c.Help, Count: c.Count})
	}
	p.query.Complete(from, to, list)
}

func (p *logPart) none(env view.Env) string {
	f := env.Data.Audit
	if _, ok := p.table.Cursor(); ok {
		return ""
	}
	switch {
	case f.Err != nil && !f.Told():
		return "the audit log could not be read"
	case !f.Told():
		return "the audit log is still being read"
	case p.table.Pending():
		return "the list is being arranged"
	case p.table.Total() == 0:
		return "the audit log is empty"
	case p.table.Shown() == 0:
		return "no line is shown: the filter hides them all"
	}
	return "the line under the cursor is gone: move to choose another"
}

func (p *logPart) actions(m *Model, env view.Env) []view.Action {
	if p.query.Focused() {
		return p.typing(env)
	}
	none := p.none(env)
	e, _ := p.table.Cursor()
	if e == nil {
		e = &logged{}
	}
	list := []view.Action{
		act("enter", p.enterLabel(e), none, func() view.Effect { return p.enter(e) }),
		act("/", "filter", "", func() view.Effect { p.query.Focus(); return view.Effect{} }),
		act("h", "only what others did", "", func() view.Effect { p.query.SetValue("ours=no"); return p.read(env) }),
		quiet("y", "copy…", none, func() view.Effect { return m.copyMenu("Copy of a line of the audit log", "the line is gone", e.copies) }),
		quiet("J", "raw JSON", env.Asking(vastapi.RightUserRead, first(none, unlogged(e))), func() view.Effect { return m.openRaw(env, command.RawAudit{Entry: *e.noted}) }),
		quiet("C", "copy the request", "", func() view.Effect { return view.Do(view.Copy{Text: "vastai show audit-logs", What: "the request"}) }),
		quiet("U", "copy the console's address", "", func() view.Effect {
			return view.Do(view.Copy{Text: consoleAccount, What: "the console's page of the account"})
		}),
	}
	for _, a := range p.list.actions(env, none, func(e *logged) []pane.Fact { return logDetail(env, e) }) {
		if a.Key.Help().Key != "enter" {
			list = append(list, a)
		}
	}
	return list
}

// unlogged is why a line is not in the server's log, or "".
func unlogged(e *logged) string {
	if e.noted == nil {
		return "only the journal of this machine has this line, the server's log does not"
	}
	return ""
}

// enterLabel says what enter does: it opens the detail, and from there leads on.
func (p *logPart) enterLabel(e *logged) string {
	switch {
	case p.detail && e.ours != nil:
		return "show it in Activity"
	case p.detail:
		return "close the detail"
	}
	return "detail"
}

func (p *logPart) enter(e *logged) view.Effect {
	if p.detail && e.ours != nil {
		return activity(e)
	}
	p.detail, p.scroll = !p.detail, 0
	return view.Effect{}
}

// activity shows the operation where more can be done with it.
func activity(e *logged) view.Effect {
	return view.Do(view.Goto{View: view.Activity, Focus: view.ShowOperation{ID: e.ours.Op.ID}})
}

// typing are the keys that work while the filter is typed.
func (p *logPart) typing(env view.Env) []view.Action {
	done := func() view.Effect { p.query.EndCompletion(); p.query.Blur(); return view.Effect{} }
	leave := func() view.Effect {
		if p.query.Completing() {
			p.query.Update(tea.KeyPressMsg{Code: tea.KeyEscape})
			return view.Effect{}
		}
		return done()
	}
	move := func(code rune, n int) func() view.Effect {
		return func() view.Effect {
			if p.query.Completing() {
				p.query.Update(tea.KeyPressMsg{Code: code})
			} else {
				p.table.Move(n)
			}
			return view.Effect{}
		}
	}
	return []view.Action{
		{Key: view.Bind("enter", "back to the list", "enter"), Group: section, Typing: true, Do: done},
		{Key: view.Bind("esc", "close the list of words, then leave the filter", "esc"), Group: section, Typing: true, Do: leave},
		{Key: view.Bind("tab", "complete", "tab"), Group: section, Typing: true, Do: func() view.Effect { return p.complete(env) }},
		{Key: view.Bind("up", "one row up", "up"), Group: section, Typing: true, Hidden: true, Do: move(tea.KeyUp, -1)},
		{Key: view.Bind("down", "one row down", "down"), Group: section, Typing: true, Hidden: true, Do: move(tea.KeyDown, 1)},
	}
}

// complete takes the candidate that is lit, or offers what may stand at the cursor.
func (p *logPart) complete(env view.Env) view.Effect {
	switch {
	case !p.query.Completing():
		p.query.Ask()
		p.suggest(true)
	case p.query.Update(tea.KeyPressMsg{Code: tea.KeyTab}):
		e := p.read(env)
		p.suggest(false)
		return e
	}
	return view.Effect{}
}

func (p *logPart) draw(_ *Model, env view.Env, w, h int) (string, *tea.Cursor) {
	f := env.Data.Audit
	notes, ok := unread(f, "the audit log")
	switch {
	case ok && p.table.Total() == 0:
		notes = []pane.Note{{Text: "The server has noted nothing about this account."}}
	case ok:
		notes = []pane.Note{{Text: "No line has all that is asked for. Change the filter, or esc twice to clear it."}}
	}
	if h < 3 {
		return fit.Block([]string{p.query.Draw(w)}, w, h), nil
	}
	body := p.list.draw(env, w, h-1, notes, logHeading, func(e *logged) []pane.Fact { return logDetail(env, e) }, p.status(env))
	var cursor *tea.Cursor
	if c := p.query.Cursor(); c != nil && c.X < w {
		cursor = tea.NewCursor(c.X, 0)
	}
	body = p.query.Draw(w) + "\n" + body
	if p.query.Completing() {
		if lines, x := p.query.Popup(w, h-1); len(lines) > 0 {
			body = fit.Lay(body, lines, x, 1, w)
		}
	}
	return body, cursor
}

// status says how the log divides.
func (p *logPart) status(env view.Env) string {
	f := env.Data.Audit
	var parts []string
	if p.table.Shown() != p.table.Total() {
		parts = append(parts, figure.Count(p.table.Shown())+" of "+figure.Count(p.table.Total())+" shown")
	}
	if f.Told() {
		parts = append(parts, fmt.Sprintf("%s by this program, %s by others", figure.Count(p.ours), figure.Count(p.others)))
	}
	if p.alone > 0 {
		parts = append(parts, figure.Plural(p.alone, "operation")+" of this machine that the log does not tell")
	}
	if f.Value.Cut {
		parts = append(parts, "there are older lines that are not kept here")
	}
	return strings.Join(append(wrong(f), append(parts, told(env, f)...)...), " · ")
}

func logHeading(e *logged) string { return "Request of " + stamp(e.at) }

// logDetail is all that is known of a line.
func logDetail(env view.Env, e *logged) []pane.Fact {
	var f facts
	f.add("who", e.glyph()+" "+e.who, e.class)
	f.add("when", stamp(e.at)+", "+ago(e.at, env.Now), theme.Plain)
	if e.noted != nil {
		key := e.keyText()
		if e.name != "" {
			key += " " + e.name
		}
		f.add("key", key, theme.Accent)
		address, class := e.address()
		f.add("address", address, class)
	} else {
		f.add("", "the journal of this machine has it, the server's log does not: it does not note every request, and not all at once", theme.Dim)
	}
	f.add("request", figure.Text(e.route), theme.Strong)
	if e.noted != nil {
		for n, a := range e.noted.Args {
			label := ""
			if n == 0 {
				label = "with"
			}
			f.add(label, a.Name.String()+" = "+a.Value.String(), theme.Plain)
		}
	}
	f.gap()
	if e.ours == nil {
		f.add("plan", "none of this machine's journal: it was made elsewhere, or before the journal begins", theme.Plain)
	} else {
		op := e.ours.Op
		f.add("plan", word(op.Verb)+" "+e.target(), theme.Good)
		f.when(op.Name() != "", "name", op.Name(), theme.Plain)
		f.add("state", word(string(op.State)), theme.Plain)
		f.when(!op.Sent.IsZero(), "sent", stamp(op.Sent), theme.Plain)
		f.add("operation", safetext.Clean(op.ID, 96), theme.Dim)
		f.add("", "enter shows it in Activity", theme.Dim)
	}
	f.gap()
	f.add("console", consoleAccount, theme.Link)
	return f.list
}
