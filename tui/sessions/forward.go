package sessions

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// forwardForm is the form that makes a tunnel.
const forwardForm = "forward a port"

// The fields of the form.
const (
	fPort  = "port"
	fHost  = "host"
	fLocal = "local"
	fBind  = "bind"
	fKeep  = "keep"
	fSave  = "save"
)

// forwardAsk is the tunnel that is being opened, so that its answer is known from
// those of others.
type forwardAsk struct {
	forward remote.Forward
	form    bool // the form waits for it
	save    bool // and it is to be opened again in later runs
}

// askForward asks which port of an instance to forward.
func (m *Model) askForward(env view.Env, id vastapi.InstanceID) view.Effect {
	i, there := env.Data.Instance(id)
	if !there {
		return gone(id)
	}
	if why := unreachable(env, &i); why != "" {
		return view.Do(view.Toast{Text: called(env, id) + ": " + why, Level: view.Warn})
	}
	port := suggestedPort(&i)
	return m.forwardWith(env, i, view.Values{fPort: port, fLocal: port, fSave: view.Yes})
}

// suggestedPort is the port that is most likely meant, "" when there is none.
func suggestedPort(i *vastapi.Instance) string {
	for _, p := range openPorts(i) {
		if p != 22 {
			return strconv.Itoa(p)
		}
	}
	if strings.Contains(i.RunType.String(), "jupyter") {
		return "8888"
	}
	return ""
}

// forwardWith opens the form with these values. Whether the port is free here is
// found out meanwhile.
func (m *Model) forwardWith(env view.Env, i vastapi.Instance, v view.Values) view.Effect {
	e := view.Do(view.Ask{Form: m.forwardFormOf(i, v)})
	if port := typedPort(v[fLocal]); port > 0 {
		e.Cmd = env.Load.FindPort(forwardForm, fLocal, bindOf(v), port)
	}
	return e
}

func (m *Model) forwardFormOf(i vastapi.Instance, v view.Values) view.Form {
	name := nameOf(&i)
	save := view.Field{Key: fSave, Label: "remember it", Kind: view.Toggle, Value: v[fSave],
		Help: "it is opened again by itself whenever an instance called " + strconv.Quote(name) + " runs", When: func(view.Values) bool { return name != "" }}
	return view.Form{
		ID: forwardForm, Title: "Forward a port of " + title(&i), Button: "Forward it", Busy: "opening the tunnel…",
		Intro: []view.Pair{{Label: "instance", Value: i.ID.String()}, {Label: "its ports", Value: portNames(&i)}},
		Fields: []view.Field{
			{Key: fPort, Label: "port there", Value: v[fPort], Limit: 5, Options: portOptions(&i),
				Help: "the port inside of the instance: type it, or choose one with down and tab"},
			{Key: fLocal, Label: "port here", Value: v[fLocal], Limit: 5, Help: "the port of this machine that leads there; the same one when it is free"},
			{Key: fHost, Label: "host there", Value: orElse(v[fHost], "localhost"), Limit: 253, Section: "More", Help: "as the instance sees it; localhost is the instance itself"},
			{Key: fBind, Label: "listen on", Value: orElse(v[fBind], loopback), Kind: view.Choice, Options: []view.Option{
				{Value: loopback, Label: "this machine only", Help: loopback},
				{Value: "0.0.0.0", Label: "every network", Help: "0.0.0.0: whoever reaches this machine reaches the port"}}, Help: "left and right choose"},
			{Key: fKeep, Label: "keep after quit", Kind: view.Toggle, Value: v[fKeep], Help: "the tunnel goes on when this program has ended, until it is closed here or the instance goes"},
			save,
		},
		Panel: func(v view.Values) []view.Pair { return forwardPanel(&i, v) },
		Sum:   forwardSum,
		Check: checkForward,
		React: reactForward(v),
		Submit: func(env view.Env, v view.Values) view.Effect {
			f := typedForward(&i, v)
			m.asked = forwardAsk{forward: f, form: true, save: v.On(fSave) && f.Name != ""}
			return m.open(env, f, forwardForm)
		},
	}
}

// title is an instance in a title: its name, else its id.
func title(i *vastapi.Instance) string {
	if name := nameOf(i); name != "" {
		return name
	}
	return "instance " + i.ID.String()
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func bindOf(v view.Values) string { return orElse(v[fBind], loopback) }

// reactForward lets the port here follow the port there until another one is typed.
func reactForward(begin view.Values) func(string, view.Values) view.Values {
	last := begin[fPort]
	return func(key string, v view.Values) view.Values {
		if key != fPort {
			return nil
		}
		follows := strings.TrimSpace(v[fLocal]) == strings.TrimSpace(last) || v[fLocal] == ""
		last = v[fPort]
		if !follows {
			return nil
		}
		return view.Values{fLocal: strings.TrimSpace(v[fPort])}
	}
}

// hostThere is what may stand for a host as the instance sees it.
var hostThere = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$`)

func checkForward(v view.Values) map[string]string {
	errs := map[string]string{}
	if typedPort(v[fPort]) == 0 {
		errs[fPort] = "a port from 1 to 65535, e.g. 8888"
	}
	switch n := typedPort(v[fLocal]); {
	case n == 0:
		errs[fLocal] = "a port from 1 to 65535, e.g. 8888"
	case n < 1024:
		errs[fLocal] = "ports below 1024 belong to the system: take one from 1024 on, e.g. " + strconv.Itoa(n+8000)
	}
	host := strings.TrimSpace(v[fHost])
	if _, err := netip.ParseAddr(host); err != nil && !hostThere.MatchString(host) {
		errs[fHost] = "a host name or an address, e.g. localhost"
	}
	return errs
}

func typedForward(i *vastapi.Instance, v view.Values) remote.Forward {
	return remote.Forward{
		Instance: i.ID, Name: nameOf(i), Bind: bindOf(v), Local: typedPort(v[fLocal]),
		Host: strings.TrimSpace(v[fHost]), Remote: typedPort(v[fPort]), Keep: v.On(fKeep),
	}
}

func forwardPanel(i *vastapi.Instance, v view.Values) []view.Pair {
	if len(checkForward(v)) > 0 {
		return nil
	}
	f := typedForward(i, v)
	list := []view.Pair{
		{Label: "here", Value: localText(f)},
		{Label: "there", Value: remoteText(f) + portMeaning(f.Remote)},
	}
	if url := browse(f); url != "" {
		list = append(list, view.Pair{Label: "to look at", Value: url})
	}
	if !local(f.Bind) {
		list = append(list, view.Pair{Label: "open to", Value: "everybody who can reach this machine: what listens there should ask for a password", Warn: true})
	}
	return list
}

func forwardSum(v view.Values) string {
	if len(checkForward(v)) > 0 {
		return ""
	}
	return fmt.Sprintf("%s:%d → %s:%d", bindOf(v), typedPort(v[fLocal]), strings.TrimSpace(v[fHost]), typedPort(v[fPort]))
}

// browse is the address to open in a browser.
func browse(f remote.Forward) string {
	host := f.Bind
	if local(host) || host == "0.0.0.0" {
		host = loopback
	}
	return "http://" + remote.Endpoint{Host: host, Port: f.Local}.Address()
}

// open opens a tunnel; form is the form that waits for it, "" = none.
func (m *Model) open(env view.Env, f remote.Forward, form string) view.Effect {
	cmd := env.Load.AddTunnel(f)
	if cmd == nil && form != "" {
		return view.Do(view.FormFailed{Form: form, Text: "ssh cannot be used in this run"})
	}
	return view.Wait(cmd)
}

// openSaved opens a tunnel that is remembered.
func (m *Model) openSaved(env view.Env, r *row) view.Effect { return m.reopen(env, r, true) }

// openAgain opens a tunnel that has failed.
func (m *Model) openAgain(env view.Env, r *row) view.Effect { return m.reopen(env, r, false) }

func (m *Model) reopen(env view.Env, r *row, save bool) view.Effect {
	i, there := env.Data.Instance(r.id)
	if !there {
		return view.Do(view.Toast{Text: r.why, Level: view.Warn})
	}
	if why := unreachable(env, &i); why != "" {
		return view.Do(view.Toast{Text: called(env, r.id) + ": " + why, Level: view.Warn})
	}
	m.asked = forwardAsk{forward: r.forward, save: save}
	return m.open(env, r.forward, "")
}

// openFailed opens all tunnels of an instance that have failed.
func (m *Model) openFailed(env view.Env, id vastapi.InstanceID) view.Effect {
	var e view.Effect
	for _, t := range env.Data.Remote.Tunnels {
		if t.Instance == id && t.State == remote.TunnelFailed {
			e = view.Join(e, m.open(env, t.Forward, ""))
		}
	}
	return e
}

// tunnelAdded closes the form of a tunnel that is open, or says why it is not. A
// port that is in use is replaced by one that is free.
func (m *Model) tunnelAdded(env view.Env, msg command.TunnelAdded) view.Effect {
	ask := m.asked
	if ask.forward != msg.Forward {
		ask = forwardAsk{forward: msg.Forward}
	} else {
		m.asked = forwardAsk{}
	}
	f := msg.Forward
	if msg.Err != nil {
		return m.tunnelRefused(env, ask, msg)
	}
	m.awaited[tunnelKey(f)] = true
	e := view.Do(view.Toast{Text: fmt.Sprintf("opening the tunnel from %s to %s of %s …", localText(f), remoteText(f), called(env, f.Instance))})
	if ask.form {
		e.Intents = append([]view.Intent{view.FormDone{Form: forwardForm}}, e.Intents...)
	}
	if ask.save && !env.Data.Memory.Saved(f) {
		e.Intents = append(e.Intents, keep(f))
	}
	return e
}

func (m *Model) tunnelRefused(env view.Env, ask forwardAsk, msg command.TunnelAdded) view.Effect {
	f := msg.Forward
	text := ended(safetext.Clean(view.Sentence(msg.Err), 300))
	var taken *remote.PortInUse
	inUse := errors.As(msg.Err, &taken) && msg.Free > 0
	switch {
	case ask.form && inUse:
		return view.Do(
			view.Fill{Form: forwardForm, Values: view.Values{fLocal: strconv.Itoa(msg.Free)}},
			view.FormFailed{Form: forwardForm, Text: fmt.Sprintf("port %d of this machine is in use: %d is free and stands in the form now", f.Local, msg.Free)},
		)
	case ask.form:
		m.troubled = f.Instance
		return view.Do(view.FormFailed{Form: forwardForm, Text: text})
	case inUse: // a saved one: the form asks for another port
		i, there := env.Data.Instance(f.Instance)
		if !there {
			return gone(f.Instance)
		}
		v := valuesOf(f)
		v[fLocal] = strconv.Itoa(msg.Free)
		return view.Join(view.Do(
			view.Toast{Text: fmt.Sprintf("port %d of this machine is in use: %d is free", f.Local, msg.Free), Level: view.Warn},
		), m.forwardWith(env, i, v))
	}
	return m.refused(env, f.Instance, msg.Err)
}

// valuesOf are the values of the form for a tunnel that is known.
func valuesOf(f remote.Forward) view.Values {
	v := view.Values{fPort: strconv.Itoa(f.Remote), fLocal: strconv.Itoa(f.Local), fHost: f.Host, fBind: f.Bind, fSave: view.Yes}
	if f.Keep {
		v[fKeep] = view.Yes
	}
	return v
}

// portFound puts a free port into the form when the one that stands in it is in use.
func (m *Model) portFound(msg command.PortFound) view.Effect {
	if msg.Form != forwardForm || msg.Err != nil || msg.Port == msg.Wanted {
		return view.Effect{}
	}
	return view.Do(
		view.Fill{Form: forwardForm, Values: view.Values{msg.Key: strconv.Itoa(msg.Port)}},
		view.Toast{Text: fmt.Sprintf("port %d of this machine is in use: %d is free and stands in the form", msg.Wanted, msg.Port)},
	)
}

// saveTunnel remembers an open tunnel, or forgets it.
func saveTunnel(env view.Env, r *row) view.Effect {
	if env.Data.Memory.Saved(r.forward) {
		return view.Do(forget(r.forward), view.Toast{Text: "the tunnel from " + r.local + " is not opened again in later runs", Level: view.Good})
	}
	return view.Do(keep(r.forward), view.Toast{Text: "the tunnel from " + r.local + " is opened again whenever an instance called " + r.name + " runs", Level: view.Good})
}

// noSave says why a tunnel cannot be remembered, "" when it can.
func noSave(r *row) string {
	switch {
	case r == nil || r.kind != tunnel:
		return "only an open tunnel can be remembered or forgotten by this key"
	case r.forward.Name == "":
		return "a tunnel is remembered by the name of its instance, and this one has none: n names it in the instances (2)"
	}
	return ""
}
