package sessions

import (
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// keyRow is a public key: of the account, of this machine, or of both.
type keyRow struct {
	key     string // of the row: the key itself, so that it is the same one wherever it is known
	account *vastapi.SSHKey
	disk    *remote.LocalKey

	kind, print, comment string // inert
	created              time.Time
	public               string // the line that is handed to others
}

// keyPage lists the keys of the account and those of this machine that it lacks.
type keyPage struct {
	table   table.Model[string, *keyRow]
	account int // revision of what is listed
	disk    *remote.LocalKey
	disks   int
	listed  bool
	moved   bool // the user has chosen a row
}

func newKeyPage(th *theme.Theme) *keyPage {
	p := &keyPage{table: table.New(func(r *keyRow) string { return r.key }, keyColumns(), th)}
	p.table.Sort("id", true)
	return p
}

func keyColumns() []table.Column[*keyRow] {
	return []table.Column[*keyRow]{
		{ID: "where", Title: "Where", Min: 18, Ideal: 19, Str: func(r *keyRow) string { w, _ := r.where(); return w },
			Cell: func(r *keyRow) (string, theme.Class) { return r.where() }},
		{ID: "id", Title: "ID", Min: 8, Ideal: 8, Right: true, Priority: 4, Desc: true, Num: func(r *keyRow) float64 { return float64(r.id()) },
			Cell: func(r *keyRow) (string, theme.Class) { return r.idText(), theme.Accent }},
		{ID: "type", Title: "Type", Min: 11, Ideal: 12, Priority: 3, Str: func(r *keyRow) string { return r.kind },
			Cell: func(r *keyRow) (string, theme.Class) { return figure.Text(r.kind), theme.Plain }},
		{ID: "print", Title: "Fingerprint", Min: 22, Ideal: 50, Priority: 1, Str: func(r *keyRow) string { return r.print },
			Cell: func(r *keyRow) (string, theme.Class) { return r.print, theme.Dim }},
		{ID: "created", Title: "Created", Min: 10, Ideal: 10, Priority: 5, Desc: true, Num: func(r *keyRow) float64 { return sinceOrder(r.created) },
			Cell: func(r *keyRow) (string, theme.Class) { return day(r.created), theme.Dim }},
		{ID: "comment", Title: "Comment", Min: 12, Ideal: 16, Flex: 2, Str: func(r *keyRow) string { return r.comment },
			Cell: func(r *keyRow) (string, theme.Class) { return figure.Text(r.comment), theme.Strong }},
		{ID: "path", Title: "File", Min: 12, Ideal: 26, Flex: 1, Priority: 2, Str: func(r *keyRow) string { return r.path() },
			Cell: func(r *keyRow) (string, theme.Class) { return figure.Text(r.path()), theme.Dim }, Cut: pathEnd},
	}
}

// day is the date of a time.
func day(t time.Time) string {
	if t.IsZero() {
		return figure.Unknown
	}
	return t.Local().Format(time.DateOnly)
}

// where says on which side a key is known, with a mark when it can be logged in with.
func (r *keyRow) where() (string, theme.Class) {
	switch {
	case r.account != nil && r.disk != nil && r.disk.Private:
		return "● account and here", theme.Good
	case r.account != nil && r.disk != nil:
		return "▲ account, no half", theme.Warn
	case r.account != nil:
		return "○ account only", theme.Dim
	}
	return "▲ here only", theme.Warn
}

// meaning says what that comes to.
func (r *keyRow) meaning() string {
	switch {
	case r.account != nil && r.disk != nil && r.disk.Private:
		return "on this disk with its private half: this machine gets into what is rented from now on"
	case r.account != nil && r.disk != nil:
		return "its private half does not lie beside it: an agent or a hardware token has to have it"
	case r.account != nil:
		return "not on this disk: another machine gets in with it, this one does not unless an agent has it"
	}
	return "the account does not have it: n adds it, a lets it into instances that run"
}

func (r *keyRow) id() int64 {
	if r.account == nil {
		return 0
	}
	return r.account.ID
}

func (r *keyRow) idText() string {
	if r.account == nil {
		return figure.Unknown
	}
	return strconv.FormatInt(r.account.ID, 10)
}

func (r *keyRow) path() string {
	if r.disk == nil {
		return ""
	}
	return safetext.Clean(r.disk.Path, 200)
}

// keyRows are all keys that are known: those of the account, then the others. The
// table shows the newest of the account first.
func keyRows(env view.Env) []*keyRow {
	disk := env.Data.Remote.Keys
	var rows []*keyRow
	met := map[string]bool{}
	for n := range env.Data.SSHKeys.Value {
		k := &env.Data.SSHKeys.Value[n]
		public := publicText(k)
		r := &keyRow{
			account: k, kind: safetext.Clean(k.Type, 40), print: safetext.Clean(rental.Fingerprint(public), 80),
			comment: k.Comment.String(), created: k.Created, public: public,
		}
		for d := range disk {
			if vastapi.SameSSHKey(disk[d].Public, public) {
				r.disk = &disk[d]
				met[disk[d].Path] = true
			}
		}
		rows = append(rows, r)
	}
	for d := range disk {
		k := &disk[d]
		if met[k.Path] {
			continue
		}
		rows = append(rows, &keyRow{
			disk: k, kind: safetext.Clean(k.Type, 40), print: safetext.Clean(k.Fingerprint, 80), comment: safetext.Clean(k.Comment, 120), public: k.Public,
		})
	}
	used := map[string]bool{}
	for _, r := range rows {
		r.key = identity(r.public)
		for n := 2; used[r.key]; n++ { // the same key twice
			r.key += " " + strconv.Itoa(n)
		}
		used[r.key] = true
	}
	return rows
}

// identity is a public key without its comment, by which it is the same one
// wherever it is known.
func identity(public string) string {
	if words := strings.Fields(public); len(words) > 1 {
		return words[0] + " " + words[1]
	}
	return public
}

// publicText is the whole line of a key of the account; as a Text it is cut short.
func publicText(k *vastapi.SSHKey) string {
	for _, line := range k.Public.Lines(1, mostKey).All() {
		return line
	}
	return ""
}

// mostKey is the length of the longest public key that is read, in bytes.
const mostKey = 16 << 10

// openKeys shows the keys and asks for them anew.
func (m *Model) openKeys(env view.Env) view.Effect {
	p := newKeyPage(env.Theme)
	p.news(m, env)
	m.show(p)
	return view.Wait(tea.Batch(env.Load.LoadSSHKeys(), env.Load.LoadLocalKeys()))
}

func (p *keyPage) news(_ *Model, env view.Env) {
	keys, disk := env.Data.SSHKeys, env.Data.Remote.Keys
	p.table.SetTheme(env.Theme)
	if p.listed && p.account == keys.Rev && p.disk == first(disk) && p.disks == len(disk) {
		return
	}
	p.listed, p.account, p.disk, p.disks = true, keys.Rev, first(disk), len(disk)
	p.table.SetRows(keyRows(env))
	if !p.moved { // they come from two sides, one after the other
		p.table.Home()
	}
}

func (p *keyPage) key(_ view.Env, msg tea.Msg) view.Effect {
	if k, ok := msg.(tea.KeyPressMsg); ok && !marking(k) {
		p.moved = p.table.Update(k) || p.moved
	}
	return view.Effect{}
}

// marking are the keys that mark rows: what is done here is about one key.
func marking(k tea.KeyPressMsg) bool {
	return slices.Contains([]string{"space", "v", "*", "i"}, k.String())
}

func (p *keyPage) actions(m *Model, env view.Env) []view.Action {
	r, ok := p.table.Cursor()
	none := ""
	switch {
	case ok:
	case !env.Data.SSHKeys.Told() && env.Data.SSHKeys.Err == nil:
		none = "the keys are still being loaded"
	case p.table.Total() == 0:
		none = "there is no key: n adds one, G makes one"
	default:
		none = "the key under the cursor is gone: move to choose another"
	}
	if r == nil {
		r = &keyRow{}
	}
	only := none
	if only == "" && r.account == nil {
		only = "the account does not have this key: n adds it"
	}
	path := ""
	if ok && r.account == nil {
		path = r.path()
	}
	return []view.Action{
		{Key: view.Bind("n", "add a key…", "n"), Group: keySection, Disabled: env.ChangingBy(vastapi.RightUserWrite, ""), Do: func() view.Effect { return m.askAdd(env, path) }},
		{Key: view.Bind("G", "make a key…", "G"), Group: keySection, Disabled: m.noSSH(env), Do: func() view.Effect { return m.askGenerate(env) }},
		{Key: view.Bind("a", "attach to instances…", "a"), Group: keySection, Disabled: firstOf(none, noInstances(env), env.Changing("")),
			Do: func() view.Effect { return m.askAttach(env, r.key, nil) }},
		{Key: view.Bind("d", "detach from an instance…", "d"), Group: keySection, Disabled: firstOf(only, noInstances(env), env.Changing("")),
			Do: func() view.Effect { return m.askDetach(env, r) }},
		{Key: view.Bind("D", "delete…", "D"), Group: keySection, Disabled: env.ChangingBy(vastapi.RightUserWrite, only), Do: func() view.Effect { return deleteKey(env, *r.account) }},
		{Key: view.Bind("y", "copy…", "y"), Group: keySection, Disabled: none, Do: func() view.Effect { return m.show(newKeyCopies(p, r)) }},
		{Key: view.Bind("o", "sort by the next column", "o"), Group: keySection, Hidden: true, Do: func() view.Effect { p.table.NextSort(); return view.Effect{} }},
		{Key: view.Bind("O", "reverse the order", "O"), Group: keySection, Hidden: true, Do: func() view.Effect { p.table.Reverse(); return view.Effect{} }},
	}
}

const keySection = "SSH keys"

// Click moves the cursor to the key that was clicked, or sorts by the title that was.
func (p *keyPage) Click(_ view.Env, x, y int) (enter bool) {
	if p.table.Click(x, y-1) == table.Moved {
		p.moved = true
	}
	return false
}

// Wheel scrolls the list.
func (p *keyPage) Wheel(lines int) {
	p.table.Wheel(lines)
	p.moved = true
}

func (p *keyPage) draw(env view.Env, w, h int) string {
	head := env.Theme.Ink(theme.Strong).Paint(fit.Line(" SSH keys of the account and of this machine", w))
	if h < 3 {
		return fit.Block([]string{head}, w, h)
	}
	body := p.body(env, w, h-2)
	return head + "\n" + body + "\n" + env.Theme.Ink(theme.Dim).Paint(fit.Line(" "+p.status(env), w))
}

func (p *keyPage) body(env view.Env, w, h int) string {
	if p.table.Shown() > 0 {
		return p.table.Draw(w, h)
	}
	keys := env.Data.SSHKeys
	switch {
	case keys.Err != nil:
		return pane.Notes(env.Theme, w, h, pane.Note{Class: theme.Bad, Text: view.Sentence(keys.Err)}, pane.Note{Class: theme.Dim, Text: "esc and K ask once more."})
	case !keys.Told():
		return pane.Notes(env.Theme, w, h, pane.Note{Class: theme.Dim, Text: "loading the keys of the account…"})
	}
	return pane.Notes(env.Theme, w, h,
		pane.Note{Text: "Neither the account nor this machine has an ssh key, so nobody gets into what is rented."},
		pane.Note{Class: theme.Dim, Text: "G makes a pair of keys in ~/.ssh and offers to add the public half to the account; n adds one that lies elsewhere."})
}

// status says what the key under the cursor is good for.
func (p *keyPage) status(env view.Env) string {
	var parts []string
	if err := env.Data.SSHKeys.Err; err != nil && p.table.Total() > 0 {
		parts = append(parts, view.Sentence(err))
	}
	if !slices.ContainsFunc(p.table.Rows(), func(r *keyRow) bool { return r.account != nil && r.disk != nil }) && env.Data.SSHKeys.Told() && p.table.Total() > 0 {
		parts = append(parts, "no key of the account lies on this disk")
	}
	if r, ok := p.table.Cursor(); ok {
		parts = append(parts, r.meaning())
		if path := r.path(); path != "" {
			parts = append(parts, path)
		}
	}
	return strings.Join(parts, " · ")
}
