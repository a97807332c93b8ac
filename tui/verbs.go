package tui

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/palette"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
)

// paletteVerb is a command of the palette. It reads and opens; what changes the account is
// asked about by what it opens.
type paletteVerb struct {
	name, args, help string
	alone            bool // it means something without its arguments too
	check            func(m *Model, args string) *wrong
	complete         func(m *Model, line, args string) []palette.Entry
	run              func(m *Model, args string) view.Effect
}

// wrong is what is wrong with the arguments of a command, and at which rune of them.
type wrong struct {
	text   string
	at     int
	typing bool // they may only not be finished
}

// verbs are filled in when the program starts, because they lead to one another.
var verbs []paletteVerb

func init() {
	verbs = []paletteVerb{
		{name: "machine", args: "ID", help: "the offers of a machine", check: checkID, complete: completeMachine, run: runMachine},
		{name: "instance", args: "ID or name", help: "an instance", check: checkInstance, complete: completeInstance, run: runInstance},
		{name: "query", args: "TERMS", help: "searches the market, as / does", check: checkQuery, complete: completeQuery, run: runQuery},
		{name: "rent", args: "gpu=RTX_4090 n=1 max=0.5 image=… disk=… name=… count=…", help: "opens the form about the best offer; sends nothing", check: checkRent(vastapi.OnDemand), complete: completeRent, run: runRent(vastapi.OnDemand)},
		{name: "bid", args: "gpu=RTX_4090 n=1 max=0.3 price=… image=…", help: "the same, as a bid", check: checkRent(vastapi.Interruptible), complete: completeRent, run: runRent(vastapi.Interruptible)},
		{name: "ctx", args: "PROFILE", help: "switches to another account", check: checkProfile, complete: completeProfile, run: func(m *Model, args string) view.Effect { return view.Wait(m.switchProfile(args)) }},
		{name: "theme", args: "NAME", help: "another look, for this run", check: checkTheme, complete: completeTheme, run: func(m *Model, args string) view.Effect { return m.setTheme(args) }},
		{name: "ascii", args: "on|off", help: "draws with plain letters only", check: checkSwitch, complete: completeSwitch, run: func(m *Model, args string) view.Effect { return m.setASCII(args == "on") }},
		{name: "mouse", args: "on|off", help: "whose the mouse is", check: checkSwitch, complete: completeSwitch, run: func(m *Model, args string) view.Effect { return m.setMouse(args == "on") }},
		{name: "notices", help: "what was told in this run", run: func(m *Model, _ string) view.Effect { return m.showNotices() }},
		{name: "output", help: "what your last command printed", run: (*Model).showPrinted},
		{name: "help", help: "all keys as they are now", run: func(m *Model, _ string) view.Effect { return m.help() }},
		{name: "doctor", help: "how to have everything looked over", run: func(*Model, string) view.Effect {
			return view.Do(view.Toast{Text: "`vastdeck doctor` in a shell looks over key, keyring, clock, ssh and terminal; d in Sessions looks at one instance"})
		}},
		{name: "quit", help: "leaves", run: func(m *Model, _ string) view.Effect { return m.quit() }},
	}
}

func verbOf(name string) *paletteVerb {
	i := slices.IndexFunc(verbs, func(v paletteVerb) bool { return v.name == name })
	if i < 0 {
		return nil
	}
	return &verbs[i]
}

// lead is what stands before the arguments in a line.
func lead(line, args string) string { return line[:len(line)-len(args)] }

func checkID(_ *Model, args string) *wrong {
	text := strings.TrimSpace(args)
	if text == "" {
		return &wrong{text: "an id is wanted, e.g. 123456", typing: true}
	}
	if id, err := strconv.ParseInt(text, 10, 64); err != nil || id <= 0 {
		return &wrong{text: "an id has digits alone, e.g. 123456", at: notDigit(args)}
	}
	return nil
}

func notDigit(s string) int {
	n := 0
	for _, r := range s {
		if (r < '0' || r > '9') && r != ' ' {
			return n
		}
		n++
	}
	return 0
}

func runMachine(_ *Model, args string) view.Effect {
	id, _ := strconv.ParseInt(args, 10, 64)
	return view.Do(view.Goto{View: view.Market, Focus: vastapi.MachineID(id)})
}

func completeMachine(m *Model, line, args string) []palette.Entry {
	want, err := strconv.ParseInt(strings.TrimSpace(args), 10, 64)
	if err != nil || want <= 0 {
		return nil
	}
	var list []palette.Entry
	seen := map[vastapi.MachineID]bool{}
	rows := m.data.Offers.Value.Rows
	for n := range rows {
		o := rows[n].Offer
		if len(list) >= mostFound {
			break
		}
		if rows[n].Gone.IsZero() && int64(o.MachineID) != want && begins(int64(o.MachineID), want) && !seen[o.MachineID] {
			seen[o.MachineID] = true
			list = append(list, palette.Entry{
				Kind: "machine", Name: o.MachineID.String(), Detail: offerWords(o), Line: lead(line, args) + o.MachineID.String(), Ref: doGoto{view.Market, o.MachineID},
			})
		}
	}
	return list
}

// instanceOf finds an instance by its id or its whole name.
func (m *Model) instanceOf(text string) (vastapi.InstanceID, *wrong) {
	f := palette.NewFinder(text, nil, 2)
	m.findInstances(f)
	list, _ := f.Best()
	switch {
	case text == "":
		return 0, &wrong{text: "the id or the name of an instance is wanted", typing: true}
	case len(list) == 0:
		return 0, &wrong{text: "no instance is called so"}
	}
	for _, e := range list {
		id, name, _ := strings.Cut(e.Name, " ")
		if id == text || name == text || len(list) == 1 {
			return e.Ref.(doGoto).focus.(vastapi.InstanceID), nil
		}
	}
	return 0, &wrong{text: "several are called so: choose one", typing: true}
}

func checkInstance(m *Model, args string) *wrong {
	_, bad := m.instanceOf(strings.TrimSpace(args))
	return bad
}

func completeInstance(m *Model, line, args string) []palette.Entry {
	if strings.TrimSpace(args) == "" {
		return nil
	}
	f := palette.NewFinder(args, nil, mostFound)
	m.findInstances(f)
	list, _ := f.Best()
	for n := range list {
		list[n].Line = lead(line, args) + list[n].Line
	}
	return list
}

func runInstance(m *Model, args string) view.Effect {
	id, bad := m.instanceOf(args)
	if bad != nil {
		return view.Do(view.Toast{Text: bad.text, Level: view.Warn})
	}
	return view.Do(view.Goto{View: view.Instances, Focus: id})
}

// wrongQuery is a mistake of the query's own parser, in runes.
func wrongQuery(text string, err error) *wrong {
	var e *offerql.Error
	if !errors.As(err, &e) {
		return &wrong{text: err.Error()}
	}
	from, _ := e.Span(text)
	say := e.Reason()
	if e.Suggest != "" && !strings.Contains(say, e.Suggest) {
		say += " (did you mean " + e.Suggest + "?)"
	}
	return &wrong{text: say, at: from, typing: offerql.IsUnfinished(err)}
}

func checkQuery(_ *Model, args string) *wrong {
	if _, err := offerql.Parse(args + " "); err != nil {
		return wrongQuery(args+" ", err)
	}
	return nil
}

func runQuery(_ *Model, args string) view.Effect {
	return view.Do(view.Goto{View: view.Market, Focus: feed.SavedSearch{Query: args}})
}

func completeQuery(_ *Model, line, args string) []palette.Entry {
	var list []palette.Entry
	found := offerql.Complete(args, len(args), nil)
	if len(found) == 0 || offerql.Whole(args, len(args), found) {
		return nil
	}
	for _, c := range found[:min(len(found), mostFound)] {
		whole := lead(line, args) + args[:c.From] + c.Text
		list = append(list, palette.Entry{Kind: "term", Name: c.Text, Detail: c.Help, Line: whole, Ref: doFill{whole}})
	}
	return list
}

// doFill goes on typing with another line.
type doFill struct{ line string }

func checkProfile(m *Model, args string) *wrong {
	name := strings.TrimSpace(args)
	all := m.Profiles()
	switch {
	case len(all) == 0:
		return &wrong{text: "there is no other account to switch to in this run"}
	case name == "":
		return &wrong{text: "the name of a profile is wanted", typing: true}
	case !slices.ContainsFunc(all, func(p view.Profile) bool { return p.Name == name }):
		begun := slices.ContainsFunc(all, func(p view.Profile) bool { return strings.HasPrefix(p.Name, name) })
		return &wrong{text: "there is no profile of that name", typing: begun}
	}
	return nil
}

func completeProfile(m *Model, line, args string) []palette.Entry {
	f := palette.NewFinder(args, nil, mostFound)
	for _, p := range m.Profiles() {
		e := palette.Entry{Kind: "profile", Name: p.Name, Detail: p.Host, Line: lead(line, args) + p.Name, Ref: doVerb{verbOf("ctx"), p.Name}}
		if p.Current {
			e.Disabled = "it is the one in use"
		}
		if p.Name != strings.TrimSpace(args) {
			f.Add(e, 0)
		}
	}
	list, _ := f.Best()
	return list
}

func oneOf(names []string, args, what string) *wrong {
	text := strings.TrimSpace(args)
	if slices.Contains(names, text) {
		return nil
	}
	begun := slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, text) })
	return &wrong{text: what + " is one of " + strings.Join(names, ", "), typing: begun}
}

func completeNames(verb string, names []string, line, args string) []palette.Entry {
	f := palette.NewFinder(args, nil, mostFound)
	for _, n := range names {
		if n != strings.TrimSpace(args) {
			f.Add(palette.Entry{Kind: verb, Name: n, Line: lead(line, args) + n, Ref: doVerb{verbOf(verb), n}}, 0)
		}
	}
	list, _ := f.Best()
	return list
}

func checkTheme(_ *Model, args string) *wrong { return oneOf(theme.Names(), args, "a theme") }

func completeTheme(_ *Model, line, args string) []palette.Entry {
	return completeNames("theme", theme.Names(), line, args)
}

var switchNames = []string{"on", "off"}

func checkSwitch(_ *Model, args string) *wrong { return oneOf(switchNames, args, "this") }

func completeSwitch(_ *Model, line, args string) []palette.Entry {
	name, _, _ := strings.Cut(strings.TrimLeft(line, " "), " ")
	return completeNames(name, switchNames, line, args)
}

// showPrinted shows what the newest command of the user's own has printed.
func (m *Model) showPrinted(string) view.Effect {
	if m.printed == nil {
		return view.Do(view.Toast{Text: "no command of yours has printed anything in this run", Level: view.Warn})
	}
	m.stack.Push(m.printed.dialog())
	return view.Effect{}
}

// rentFields are what :rent takes besides the terms of a query, by how they are typed.
var rentFields = map[string]string{"image": "image", "disk": "disk", "name": "name", "count": "count", "price": "bid"}

// rentLine reads the arguments of :rent and :bid: what belongs into the form, and the
// rest, which is a query. What is taken out of it leaves blanks, so that a mistake is
// found where it was typed.
func rentLine(args string, kind vastapi.RentalType) (view.RentQuery, *wrong) {
	q := view.RentQuery{Kind: kind, Filled: view.Values{}}
	rest, extra := []byte(args), ""
	limit := vastapi.Rate(0)
	for from, to := range words(args) {
		key, value, given := strings.Cut(args[from:to], "=")
		at := utf8.RuneCountInString(args[:from+len(key)]) + 1
		value = unquoted(value)
		field, own := rentFields[key]
		switch {
		case !given || !own && key != "n" && key != "max":
			continue
		case value == "":
			return q, &wrong{text: "a value is wanted after " + key + "=", at: at - 1, typing: true}
		case key == "price" && kind != vastapi.Interruptible:
			return q, &wrong{text: "price= is what a bid has: max= limits what an offer may cost", at: at - len(key) - 1}
		case key == "n" || key == "count":
			if n, err := strconv.Atoi(value); err != nil || n < 1 {
				return q, &wrong{text: key + " is a whole number, at least 1", at: at}
			}
		case key == "max" || key == "price":
			v, err := strconv.ParseFloat(strings.TrimPrefix(value, "$"), 64)
			if err != nil || !(v > 0 && v < 1e6) {
				return q, &wrong{text: key + " is a price in USD per hour, e.g. 0.5", at: at}
			}
			value = strconv.FormatFloat(v, 'f', -1, 64)
		case key == "disk":
			if v, err := strconv.ParseFloat(strings.TrimSuffix(strings.ToLower(value), "gb"), 64); err != nil || !(v >= 1 && v < 1e6) {
				return q, &wrong{text: "disk is a size in GB, e.g. 40", at: at}
			}
		}
		switch key {
		case "n":
			extra += " num_gpus=" + value
		case "max":
			v, _ := strconv.ParseFloat(value, 64)
			limit = vastapi.Rate(v)
		default:
			if _, twice := q.Filled[field]; twice {
				return q, &wrong{text: key + " is said twice", at: at - len(key) - 1}
			}
			q.Filled[field] = value
		}
		for i := from; i < to; i++ {
			rest[i] = ' '
		}
	}
	text := string(rest) + extra + " "
	if _, err := offerql.Parse(text); err != nil {
		bad := wrongQuery(text, err)
		bad.at = min(bad.at, utf8.RuneCountInString(args))
		return q, bad
	}
	q.Query = strings.Join(strings.Fields(text), " ")
	if strings.ContainsAny(args, `"'`) {
		q.Query = strings.TrimSpace(text) // spaces within quotes mean something
	}
	if limit > 0 {
		set := offerql.SetCeiling
		if kind == vastapi.Interruptible {
			set = offerql.SetBidCeiling
		}
		limited, err := set(q.Query, limit)
		if err != nil {
			return q, &wrong{text: err.Error()}
		}
		q.Query = limited
	}
	if q.Query == "" {
		return q, &wrong{text: "say what is to be rented, e.g. gpu=RTX_4090 n=1 max=0.5", typing: true}
	}
	return q, nil
}

// words gives where each word of a line stands; quotes hold one together.
func words(s string) func(func(from, to int) bool) {
	return func(yield func(from, to int) bool) {
		from, quote := -1, rune(0)
		for i, r := range s {
			switch {
			case quote != 0:
				if r == quote {
					quote = 0
				}
			case r == ' ':
				if from >= 0 && !yield(from, i) {
					return
				}
				from = -1
				continue
			case r == '"' || r == '\'':
				quote = r
			}
			if from < 0 {
				from = i
			}
		}
		if from >= 0 {
			yield(from, len(s))
		}
	}
}

func unquoted(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}

func checkRent(kind vastapi.RentalType) func(*Model, string) *wrong {
	return func(_ *Model, args string) *wrong {
		_, bad := rentLine(args, kind)
		return bad
	}
}

func runRent(kind vastapi.RentalType) func(*Model, string) view.Effect {
	return func(m *Model, args string) view.Effect {
		q, bad := rentLine(args, kind)
		switch {
		case bad != nil:
			return view.Do(view.Toast{Text: bad.text, Level: view.Warn})
		case m.deps.ReadOnly:
			return view.Do(view.Toast{Text: m.env().Changing(""), Level: view.Warn})
		}
		return view.Do(view.Goto{View: view.Market, Focus: q})
	}
}

// completeRent offers the fields of the form, and else what a query offers.
func completeRent(m *Model, line, args string) []palette.Entry {
	last := args[strings.LastIndexByte(args, ' ')+1:]
	var list []palette.Entry
	for _, f := range []struct{ name, help string }{
		{"gpu=", "GPU model, e.g. RTX_4090"}, {"n=", "GPUs in the machine"}, {"max=", "USD per hour at most"}, {"image=", "docker image"},
		{"disk=", "GB"}, {"name=", "of the instance"}, {"count=", "how many machines"}, {"price=", "of a bid, USD per hour"},
	} {
		if strings.HasPrefix(f.name, last) && !strings.Contains(" "+args, " "+f.name) {
			whole := lead(line, args) + args[:len(args)-len(last)] + f.name
			list = append(list, palette.Entry{Kind: "term", Name: f.name, Detail: f.help, Line: whole, Ref: doFill{whole}})
		}
	}
	key, _, given := strings.Cut(last, "=")
	if _, own := rentFields[key]; given && (own || key == "n" || key == "max") {
		return nil
	}
	return append(list, completeQuery(m, line, args)...)
}
