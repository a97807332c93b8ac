package sessions

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// The forms about keys.
const (
	addForm      = "add an ssh key"
	generateForm = "make an ssh key"
	attachForm   = "attach an ssh key"
	detachForm   = "detach an ssh key"
)

// The fields of the forms.
const (
	fKeyFile = "file"
	fName    = "name"
	fComment = "comment"
	fAdd     = "add"
	fKey     = "key"
	fFrom    = "instance"
	fInto    = "into/" // and the id of an instance
)

// askAdd asks which public key to add to the account; path is the one to begin with.
func (m *Model) askAdd(env view.Env, path string) view.Effect {
	var options []view.Option
	for _, r := range keyRows(env) {
		if r.account == nil {
			options = append(options, view.Option{Value: r.path(), Help: r.kind + " " + r.comment + " " + r.print})
		}
	}
	help := "a .pub file of this machine, or the key itself pasted; down and tab choose one"
	if len(options) == 0 {
		help = "a .pub file, or the key itself pasted; ~/.ssh has none that the account lacks (G makes one)"
	}
	return view.Do(view.Ask{Form: view.Form{
		ID: addForm, Title: "Add an ssh key to the account", Button: "Continue to the plan…", Busy: "reading the key…",
		Intro:  []view.Pair{{Label: "what for", Value: "every instance that is rented from then on lets in whoever has the private half"}, {Label: "not", Value: "instances that exist already: a attaches a key to them"}},
		Fields: []view.Field{{Key: fKeyFile, Label: "public key", Value: path, Limit: 4096, Options: options, Help: help}},
		Check:  checkAdd,
		Submit: func(env view.Env, v view.Values) view.Effect {
			text := strings.TrimSpace(v[fKeyFile])
			if isPublic(text) {
				return m.planAdd(env, text, addForm)
			}
			return view.Wait(env.Load.ReadPublicKey(addForm, text))
		},
	}})
}

// isPublic reports whether a text is a public key and no path.
func isPublic(text string) bool {
	for _, begin := range []string{"ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"} {
		if strings.HasPrefix(text, begin) && strings.Contains(text, " ") {
			return true
		}
	}
	return false
}

// privateRefused is what is said to a private key.
const privateRefused = "this is a private key: it must never leave this machine. Take the file that ends in .pub"

func checkAdd(v view.Values) map[string]string {
	text := strings.TrimSpace(v[fKeyFile])
	switch {
	case text == "":
		return map[string]string{fKeyFile: "a .pub file, e.g. ~/.ssh/id_ed25519.pub, or the key itself"}
	case strings.Contains(text, "PRIVATE KEY"):
		return map[string]string{fKeyFile: privateRefused}
	}
	return nil
}

// planAdd asks about adding a key.
func (m *Model) planAdd(env view.Env, public, form string) view.Effect {
	p, err := rental.PlanAddKey(public, env.Desk)
	if err != nil {
		return failed(form, err)
	}
	return view.Do(view.Confirm{Plan: p, Form: form, Again: func(env view.Env, form string) view.Effect { return m.planAdd(env, public, form) }})
}

// failed gives a form back with a reason, or says it where no form is open.
func failed(form string, err error) view.Effect {
	text := safetext.Clean(view.Sentence(err), 300)
	if form == "" {
		return view.Do(view.Toast{Text: text, Level: view.Warn})
	}
	return view.Do(view.FormFailed{Form: form, Text: text})
}

func (m *Model) publicKeyRead(env view.Env, msg command.PublicKeyRead) view.Effect {
	switch {
	case msg.Form != addForm:
		return view.Effect{}
	case msg.Err != nil:
		return failed(addForm, msg.Err)
	}
	return m.planAdd(env, msg.Key.Public, addForm)
}

// keyName is what a new key may be called.
var keyName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// askGenerate asks for the name of a new pair of keys.
func (m *Model) askGenerate(env view.Env) view.Effect {
	add := view.Yes
	if env.ReadOnly {
		add = ""
	}
	return view.Do(view.Ask{Form: view.Form{
		ID: generateForm, Title: "Make a pair of ssh keys", Button: "Make it", Busy: "making the keys…",
		Intro: []view.Pair{{Label: "where", Value: "in ~/.ssh, an ed25519 key without a passphrase; nothing that exists is overwritten"},
			{Label: "private", Value: "the private half stays on this machine; ssh-keygen -p gives it a passphrase"}},
		Fields: []view.Field{
			{Key: fName, Label: "file name", Value: freeName(env), Limit: 64, Help: "the private half, offered to instances when it begins with " + remote.OwnKey + "; the public one gets .pub behind it"},
			{Key: fComment, Label: "comment", Value: "vastdeck", Limit: 80, Help: "what it is told apart by in the account"},
			{Key: fAdd, Label: "add it to the account", Kind: view.Toggle, Value: add, Help: "the plan is shown before anything is sent", When: func(view.Values) bool { return !env.ReadOnly }},
		},
		Check: checkGenerate,
		Submit: func(env view.Env, v view.Values) view.Effect {
			m.adding = v.On(fAdd) && !env.ReadOnly
			return view.Wait(env.Load.GenerateKey(generateForm, strings.TrimSpace(v[fName]), strings.TrimSpace(v[fComment])))
		},
	}})
}

// freeName is a name that no public key on this machine has.
func freeName(env view.Env) string {
	taken := func(name string) bool {
		for _, k := range env.Data.Remote.Keys {
			if base(k.Path) == name+".pub" {
				return true
			}
		}
		return false
	}
	name := remote.OwnKey
	for n := 2; taken(name); n++ {
		name = remote.OwnKey + "_" + strconv.Itoa(n)
	}
	return name
}

func checkGenerate(v view.Values) map[string]string {
	errs := map[string]string{}
	name := strings.TrimSpace(v[fName])
	switch {
	case !keyName.MatchString(name):
		errs[fName] = "letters, digits, dots, dashes and underscores, e.g. id_vast"
	case !remote.Offered(name):
		errs[fName] = "a name that begins with " + remote.OwnKey + ": ssh would not offer this one by itself"
	case strings.HasSuffix(name, ".pub"):
		errs[fName] = "without .pub: that is put behind it"
	}
	if c := v[fComment]; strings.ContainsAny(c, "\r\n") || strings.HasPrefix(strings.TrimSpace(c), "-") {
		errs[fComment] = "one line that does not begin with a dash, e.g. laptop"
	}
	return errs
}

func (m *Model) keyGenerated(env view.Env, msg command.KeyGenerated) view.Effect {
	if msg.Form != generateForm {
		return view.Effect{}
	}
	adding := m.adding
	m.adding = false
	if msg.Err != nil {
		return failed(generateForm, msg.Err)
	}
	e := view.Do(view.FormDone{Form: generateForm}, view.Toast{Text: "made " + safetext.Clean(msg.Key.Path, 200) + " and its private half", Level: view.Good})
	e.Cmd = env.Load.LoadLocalKeys()
	if !adding {
		return e
	}
	return view.Join(e, m.planAdd(env, msg.Key.Public, ""))
}

// deleteKey asks about taking a key from the account.
func deleteKey(env view.Env, k vastapi.SSHKey) view.Effect {
	p, err := rental.PlanDeleteKey(k, env.Desk)
	if err != nil {
		return failed("", err)
	}
	return view.Do(view.Confirm{Plan: p, Again: func(env view.Env, _ string) view.Effect {
		for _, now := range env.Data.SSHKeys.Value {
			if now.ID == k.ID {
				return deleteKey(env, now)
			}
		}
		return view.Do(view.Toast{Text: "nothing is left to do: the key is gone"})
	}})
}

// mostInto is how many instances a form lists to choose from.
const mostInto = 60

// attachAsk is the open form about attaching a key.
type attachAsk struct {
	form  func(view.Env) view.Form
	key   string // of the row that is asked for
	blank bool   // no key was known when it was opened
}

// askAttach asks which key to let into which instances. key is the row of the key
// to begin with, ids the instances that are meant; nil = all that run.
func (m *Model) askAttach(env view.Env, key string, ids []vastapi.InstanceID) view.Effect {
	var list []vastapi.Instance
	wanted := make(map[vastapi.InstanceID]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	instances := env.Data.Instances.Value.Instances
	for n := range instances {
		if len(ids) == 0 || wanted[instances[n].ID] {
			list = append(list, instances[n])
		}
	}
	if why := env.Changing(noInstances(env)); why != "" {
		return view.Do(view.Toast{Text: why, Level: view.Warn})
	}
	if len(list) == 0 {
		return view.Do(view.Toast{Text: "nothing is left to do: the instances are gone", Level: view.Warn})
	}
	e := view.Do(view.Ask{Form: m.attachFormOf(env, key, list, len(ids) > 0)})
	e.Cmd = tea.Batch(env.Load.LoadSSHKeys(), env.Load.LoadLocalKeys())
	m.attaching = attachAsk{
		form: func(env view.Env) view.Form { return m.attachFormOf(env, key, list, len(ids) > 0) }, key: key, blank: len(keyRows(env)) == 0,
	}
	return e
}

func (m *Model) attachFormOf(env view.Env, key string, list []vastapi.Instance, meant bool) view.Form {
	rows := keyRows(env)
	several := meant && len(list) > mostInto // too many to choose from one by one
	f := view.Form{
		ID: attachForm, Title: "Let an ssh key into instances", Button: "Continue to the plan…", Focus: fKey,
		Intro: []view.Pair{
			{Label: "why", Value: "an instance gets the keys that the account has when it is rented; a key that was added later gets into it only when it is attached"},
			{Label: "when", Value: "it works 10 to 15 seconds after it was attached"},
		},
		Fields: []view.Field{{Key: fKey, Label: "key", Value: preferred(rows, key), Kind: view.Choice, Options: keyOptions(rows), Help: "left and right choose"}},
		Check: func(v view.Values) map[string]string {
			if len(rows) == 0 {
				return map[string]string{fKey: "there is no key: esc, then 6, K and G make one"}
			}
			if several {
				return nil
			}
			for key := range v {
				if strings.HasPrefix(key, fInto) && v.On(key) {
					return nil
				}
			}
			return map[string]string{fInto + list[0].ID.String(): "at least one instance: space chooses it"}
		},
	}
	if len(list) > mostInto && !meant {
		list = list[:mostInto]
		f.Intro = append(f.Intro, view.Pair{Label: "listed", Value: fmt.Sprintf("the first %d instances: mark others in the instances (2) and press a there", mostInto)})
	}
	if several {
		f.Intro = append(f.Intro, view.Pair{Label: "into", Value: figure.Plural(len(list), "instance") + ", all that are meant"})
	}
	for n, i := range list {
		if several {
			break
		}
		field := view.Field{Key: fInto + i.ID.String(), Label: safetext.Clean(called(env, i.ID), 40), Kind: view.Toggle, Help: instanceText(env, &i)}
		if n == 0 {
			field.Section = "Into"
		}
		if meant || unreachable(env, &i) == "" {
			field.Value = view.Yes
		}
		f.Fields = append(f.Fields, field)
	}
	f.Closed = func(view.Env, view.Values) view.Effect { m.attaching = attachAsk{}; return view.Effect{} }
	f.Submit = func(env view.Env, v view.Values) view.Effect {
		var ids []vastapi.InstanceID
		for _, i := range list {
			if several || v.On(fInto+i.ID.String()) {
				ids = append(ids, i.ID)
			}
		}
		for _, r := range keyRows(env) {
			if r.key == v[fKey] {
				return planAttach(env, r.public, ids, attachForm)
			}
		}
		return view.Do(view.FormFailed{Form: attachForm, Text: "this key is gone: choose another"})
	}
	return f
}

// preferred is the key to begin with: the one that is asked for, else one that this
// machine can log in with.
func preferred(rows []*keyRow, key string) string {
	for _, r := range rows {
		if r.key == key {
			return key
		}
	}
	for _, both := range []bool{true, false} {
		for _, r := range rows {
			if r.disk != nil && r.disk.Private && (r.account != nil) == both {
				return r.key
			}
		}
	}
	return ""
}

func keyOptions(rows []*keyRow) []view.Option {
	var list []view.Option
	for _, r := range rows {
		where, _ := r.where()
		label := r.comment
		if label == "" {
			label = r.idText()
		}
		list = append(list, view.Option{Value: r.key, Label: safetext.Clean(label, 40), Help: where + ", " + r.kind + " " + r.print})
	}
	return list
}

// planAttach asks about letting a key into exactly these instances.
func planAttach(env view.Env, public string, ids []vastapi.InstanceID, form string) view.Effect {
	var list []vastapi.Instance
	for _, id := range ids {
		if i, there := env.Data.Instance(id); there {
			list = append(list, i)
		}
	}
	if len(list) == 0 {
		return failed(form, fmt.Errorf("nothing is left to do: the instances are gone"))
	}
	p, err := rental.PlanAttachKey(list, public, env.Desk)
	if err != nil {
		return failed(form, err)
	}
	return view.Do(view.Confirm{Plan: p, Form: form, Again: func(env view.Env, form string) view.Effect { return planAttach(env, public, ids, form) }})
}

// askDetach asks which instance to keep a key of the account out of.
func (m *Model) askDetach(env view.Env, r *keyRow) view.Effect {
	key := *r.account
	instances := env.Data.Instances.Value.Instances
	options := make([]view.Option, len(instances))
	for n := range instances {
		i := &instances[n]
		options[n] = view.Option{Value: i.ID.String(), Label: safetext.Clean(calledAs(i), 40), Help: i.GPUName.String()}
	}
	only := ""
	if len(options) == 1 {
		only = options[0].Value
	}
	listed := func(v view.Values) bool {
		return slices.ContainsFunc(options, func(o view.Option) bool { return o.Value == strings.TrimSpace(v[fFrom]) })
	}
	return view.Do(view.Ask{Form: view.Form{
		ID: detachForm, Title: "Keep an ssh key out of an instance", Button: "Continue to the plan…", Busy: "reading the keys of the instance…",
		Intro:  []view.Pair{{Label: "key", Value: r.idText() + " " + r.comment}, {Label: "what", Value: "the key stays in the account; connections that are open stay open"}},
		Fields: []view.Field{{Key: fFrom, Label: "instance", Value: only, Options: options, Help: "type a part of its name or its id; down and tab choose"}},
		Check: func(v view.Values) map[string]string {
			if !listed(v) {
				return map[string]string{fFrom: "one of the instances that are offered: down and tab choose one"}
			}
			return nil
		},
		Submit: func(env view.Env, v view.Values) view.Effect {
			id, err := strconv.ParseInt(strings.TrimSpace(v[fFrom]), 10, 64)
			if err != nil {
				return view.Do(view.FormFailed{Form: detachForm, Text: "this is no instance: choose one"})
			}
			cmd := env.Load.LoadInstanceKeys(detachForm, vastapi.InstanceID(id))
			if cmd == nil {
				return view.Do(view.FormFailed{Form: detachForm, Text: "the account cannot be asked now"})
			}
			m.detaching = key
			return view.Wait(cmd)
		},
	}})
}

// instanceKeysRead asks about keeping a key out of an instance, if it is among those
// that were attached there. It may have another id there than in the account.
func (m *Model) instanceKeysRead(env view.Env, msg command.InstanceKeysRead) view.Effect {
	if msg.Form != detachForm {
		return view.Effect{}
	}
	if msg.Err != nil {
		return failed(detachForm, msg.Err)
	}
	public := publicText(&m.detaching)
	for _, k := range msg.Keys {
		if vastapi.SameSSHKey(publicText(&k), public) {
			return planDetach(env, msg.Instance, k, detachForm)
		}
	}
	return failed(detachForm, fmt.Errorf("this key is not among the %s attached to %s: if it gets in there, it was the account's when the instance was rented, and is taken out in its ~/.ssh/authorized_keys",
		figure.Plural(len(msg.Keys), "key"), called(env, msg.Instance)))
}

func planDetach(env view.Env, id vastapi.InstanceID, key vastapi.SSHKey, form string) view.Effect {
	i, there := env.Data.Instance(id)
	if !there {
		return failed(form, fmt.Errorf("nothing is left to do: the instance is gone"))
	}
	p, err := rental.PlanDetachKey(i, key, env.Desk)
	if err != nil {
		return failed(form, err)
	}
	return view.Do(view.Confirm{Plan: p, Form: form, Again: func(env view.Env, form string) view.Effect { return planDetach(env, id, key, form) }})
}

// keysChanged reads the account's keys again once a plan about keys was carried out.
func (m *Model) keysChanged(env view.Env, msg command.PlanExecuted) view.Effect {
	if !slices.Contains([]string{"add key", "delete key"}, msg.Report.Plan.Verb) {
		return view.Effect{}
	}
	return view.Wait(env.Load.LoadSSHKeys())
}

// keysKnown gives an open form about keys what has been read since it was opened.
func (m *Model) keysKnown(env view.Env) view.Effect {
	ask := m.attaching
	if ask.form == nil {
		return view.Effect{}
	}
	e := view.Do(view.Refit{Form: ask.form(env)})
	if rows := keyRows(env); ask.blank && len(rows) > 0 {
		m.attaching.blank = false
		e.Intents = append(e.Intents, view.Fill{Form: attachForm, Values: view.Values{fKey: preferred(rows, ask.key)}})
	}
	return e
}
