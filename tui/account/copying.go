package account

import (
	"strconv"
	"strings"

	"vastdeck/tui/copying"
	"vastdeck/tui/listing"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// copyMenu opens what can be copied below the titles of the parts. No key and no value of a variable is among it.
func (m *Model) copyMenu(title, gone string, of func(view.Env) *copying.Lines) view.Effect {
	menu := copying.Menu(title, gone, of)
	m.menu = &menu
	return view.Effect{}
}

// menuActions are what keys do while the copy menu is open.
func (m *Model) menuActions(env view.Env) []view.Action {
	return append(m.menu.Actions(env, section, m.closeMenu), view.Action{
		Key: view.Bind("esc", "back", "esc"), Group: section, Do: func() view.Effect { m.closeMenu(); return view.Effect{} },
	})
}

func (m *Model) closeMenu() { m.menu = nil }

// closePages shows the part again, whatever stands in place of it.
func (m *Model) closePages() { m.menu, m.raw = nil, nil }

// clickMenu puts the cursor of the copy menu on a line, and copies the one that it was on.
func (m *Model) clickMenu(env view.Env, x, y int) view.Effect {
	page := listing.Mouse{Page: m.menu, Keys: func() []view.Action { return m.menuActions(env) }}
	return page.Click(env, view.Click{X: x, Y: y})
}

// request offers the line of the official client that shows the part, and the same as a call of curl.
func request(env view.Env, l *copying.Lines, line, path string) {
	l.Add("v", "vastai line", line, "the line")
	l.Add("c", "curl", copying.Get(env, path), "the call of curl")
}

// copies are what can be copied of the account itself.
func (o *overview) copies(env view.Env) *copying.Lines {
	f, l := env.Data.User, &copying.Lines{}
	if !f.Told() {
		return nil
	}
	u := f.Value
	l.Add("i", "account", strconv.FormatInt(u.ID, 10), "the account's id")
	l.Need("e", "e-mail", u.Email.String(), "the e-mail address", "it is not told")
	l.Need("n", "user", u.Username.String(), "the name of the user", "it is not told")
	l.Need("m", "credit", known(float64(u.Credit)), "the credit, in USD", "it is not told")
	l.Need("b", "balance", known(float64(u.Balance)), "the balance, in USD", "it is not told")
	l.Need("d", "key's id", copying.ID(u.KeyID), "the id of this run's key", "the server does not say which key this run has")
	l.Add("U", "console", consoleAccount, "the console's page of the account")
	request(env, l, "vastai show user", "/api/v0/users/current/")
	return l
}

// known is a figure as it can be reckoned with, "" when it is not told.
func known(v float64) string {
	if !vastapi.Known(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// copies are what can be copied of an API key: never the key itself, which nobody can read.
func (r *keyRow) copies(env view.Env) *copying.Lines {
	l := &copying.Lines{}
	l.Add("i", "id", strconv.FormatInt(r.ID, 10), "the id of the key")
	l.Need("n", "name", r.Name.String(), "the name of the key", "it has none")
	l.Add("m", "may", mayText(r.Grant), "what the key may do")
	l.Need("a", "last address", r.from, "the address that it was used from", "the audit log does not tell it")
	l.Make("J", "JSON", "what is known of it; the key itself is not", "the key's facts as JSON", func() string { return copying.JSON(r.fields()) })
	var others []*keyRow
	for _, k := range keyRows(env) {
		if k.ID != r.ID {
			others = append(others, k)
		}
	}
	copying.Each(l, "o", "the others", "the ids of the other keys", "it is the only one", others, func(k *keyRow) string { return strconv.FormatInt(k.ID, 10) })
	l.Add("x", "delete line", rental.Step{Verb: "delete key", Call: vastapi.DeleteAPIKey{Key: r.ID}}.Official(), "the line that deletes it, which is not carried out,")
	request(env, l, "vastai show api-keys", "/api/v0/auth/apikeys/")
	l.Add("U", "console", consoleKeys, "the console's page of keys")
	return l
}

func (r *keyRow) fields() []copying.Field {
	rights := []string{}
	for _, right := range vastapi.AllRights() {
		if r.Grant.Has(right).Yes() {
			rights = append(rights, string(right))
		}
	}
	return []copying.Field{
		{Name: "id", Value: r.ID}, {Name: "name", Value: r.Name}, {Name: "type", Value: r.Type}, {Name: "team", Value: r.Team}, {Name: "this_run", Value: r.current},
		{Name: "created", Value: copying.Stamp(r.Created)}, {Name: "last_used", Value: copying.Stamp(r.used)}, {Name: "last_address", Value: copying.Words(r.from)}, {Name: "rights", Value: rights},
	}
}

// copies are what can be copied of a variable: its name, never its value.
func (r *varRow) copies(env view.Env) *copying.Lines {
	l := &copying.Lines{}
	name := r.Name.String()
	l.Add("n", "name", name, "the name of the variable")
	inShell := ""
	if shellName(name) {
		inShell = `"$` + name + `"`
	}
	l.Need("r", "in a shell", inShell, "the variable as a shell reads it", "no variable of a shell is called so")
	l.Add("f", "docker flag", rental.QuoteWords([]string{"-e", name}), "the flag")
	copying.Each(l, "a", "all names", "the names of all variables", "", env.Data.EnvVars.Value, func(v vastapi.EnvVar) string { return v.Name.String() })
	l.Add("x", "delete line", rental.Step{Verb: "delete variable", Call: vastapi.DeleteEnvVar{Key: name}}.Official(), "the line that deletes it, which is not carried out,")
	request(env, l, "vastai show env-vars", "/api/v0/secrets/")
	return l
}

// shellName reports whether a variable of a shell can have a name.
func shellName(s string) bool {
	return s != "" && (s[0] < '0' || s[0] > '9') && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '_' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
}

// copies are what can be copied of a line of the audit log.
func (e *logged) copies(env view.Env) *copying.Lines {
	l := &copying.Lines{}
	l.Add("r", "line", strings.Join([]string{stamp(e.at), e.who, e.keyText(), e.ip, e.route, e.args}, "\t"), "the line")
	l.Add("t", "time", stamp(e.at), "the time")
	l.Need("f", "request", e.route, "the request", "it is not told")
	l.Need("g", "arguments", e.args, "the arguments", "it has none")
	l.Need("i", "key's id", copying.ID(e.keyID), "the id of the key", "no key is told")
	l.Need("a", "address", e.ip, "the address", "it is not told")
	op := ""
	if e.ours != nil {
		op = e.ours.Op.ID
	}
	l.Need("o", "operation", safetext.Clean(op, 80), "the id of the operation", "this program has not made it, as far as its journal tells")
	l.Make("J", "JSON", "the line under the names of its columns", "the line as JSON", func() string { return copying.JSON(e.fields()) })
	request(env, l, "vastai show audit-logs", "/api/v0/audit_logs/")
	l.Add("U", "console", consoleAccount, "the console's page of the account")
	return l
}

func (e *logged) fields() []copying.Field {
	return []copying.Field{
		{Name: "created_at", Value: copying.Stamp(e.at)}, {Name: "who", Value: e.who}, {Name: "api_key_id", Value: copying.Positive(e.keyID)}, {Name: "ip_address", Value: copying.Words(e.ip)},
		{Name: "api_route", Value: copying.Words(e.route)}, {Name: "args", Value: copying.Words(e.args)},
	}
}

// copiesOfProfile are what can be copied of a profile.
func copiesOfProfile(env view.Env, to view.Profile) *copying.Lines {
	l := &copying.Lines{}
	l.Add("n", "name", to.Name, "the name of the profile")
	l.Add("s", "server", hostOf(to), "the server")
	l.Add("v", "start line", "vastdeck --profile "+rental.QuoteWords([]string{to.Name}), "the line that starts with it")
	copying.Each(l, "a", "all names", "the names of all profiles", "", env.Profiles, func(p view.Profile) string { return p.Name })
	return l
}

func hostOf(p view.Profile) string {
	if p.Host == "" {
		return "console.vast.ai"
	}
	return figure.Text(p.Host)
}
