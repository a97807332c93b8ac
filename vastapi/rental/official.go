package rental

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// Official is the plan as lines of the official client (vastai 1.x), one a step,
// quoted for a shell. Values of variables and logins are placeholders such as
// "$HF_TOKEN". A rental's own mark is left out, so that what such a line rents is
// not taken for what this plan rents. Lines that begin with # say what the client
// cannot express.
func (p Plan) Official() string { return p.lines(Step.Official) }

// Curl is the plan as calls of curl, one a step, with the key in $VAST_API_KEY.
func (p Plan) Curl(baseURL string) string {
	return p.lines(func(s Step) string { return s.Curl(baseURL) })
}

func (p Plan) lines(line func(Step) string) string {
	var out []string
	steps := p.Steps
	if p.Mode == FirstN {
		out = append(out, fmt.Sprintf("# the first %d of these that succeed are wanted", p.Want))
	}
	for _, s := range steps {
		out = append(out, line(s))
	}
	return strings.Join(out, "\n")
}

// Official is the step as a line of the official client.
func (s Step) Official() string {
	switch c := s.Call.(type) {
	case vastapi.CreateInstance:
		return officialCreate(c)
	case vastapi.DestroyInstance:
		return "vastai destroy instance " + c.ID.String()
	case vastapi.SetInstanceState:
		verb := "start"
		if c.State == "stopped" {
			verb = "stop"
		}
		return "vastai " + verb + " instance " + c.ID.String()
	case vastapi.LabelInstance:
		end := ""
		if strings.HasPrefix(c.Label, "-") {
			end = "-- " // what follows is no option
		}
		return "vastai label instance " + c.ID.String() + " " + end + shellQuote(c.Label)
	case vastapi.RebootInstance:
		return "vastai reboot instance " + c.ID.String()
	case vastapi.RecycleInstance:
		return "vastai recycle instance " + c.ID.String()
	case vastapi.UpdateInstance:
		return officialUpdate(c)
	case vastapi.ExecuteCommand:
		return "vastai execute " + c.ID.String() + " " + shellQuote(c.Command)
	case vastapi.CopyData:
		return "vastai copy " + shellQuote(c.From.String()) + " " + shellQuote(c.To.String())
	case vastapi.CancelCopy:
		return "vastai cancel copy " + strings.TrimPrefix(c.To.Ref(), "C.")
	case vastapi.AttachSSHKey:
		return "vastai attach ssh " + c.ID.String() + " " + shellQuote(c.Key)
	case vastapi.DetachSSHKey:
		return "vastai detach ssh " + c.ID.String() + " " + strconv.FormatInt(c.Key, 10)
	case vastapi.CreateVolume:
		line := fmt.Sprintf("vastai create volume %d -s %d", c.Offer, int(c.Size))
		if c.Name != "" {
			line += " -n " + shellQuote(c.Name)
		}
		return line
	case vastapi.DeleteVolume:
		return "vastai delete volume " + c.ID.String()
	case vastapi.CloneVolume:
		line := fmt.Sprintf("vastai clone volume %d %d", c.Source, c.Offer)
		if c.Size > 0 {
			line += fmt.Sprintf(" -s %d", int(c.Size))
		}
		return line
	case vastapi.AddSSHKey:
		return "vastai create ssh-key " + shellQuote(c.Key)
	case vastapi.DeleteSSHKey:
		return "vastai delete ssh-key " + strconv.FormatInt(c.Key, 10)
	case vastapi.CreateAPIKey, vastapi.DeleteAPIKey, vastapi.CreateEnvVar, vastapi.UpdateEnvVar, vastapi.DeleteEnvVar:
		return officialAccount(c)
	case vastapi.AcceptPriceIncrease:
		return fmt.Sprintf("# accepting price increase %d has no line here, the curl form has", c.Increase)
	case vastapi.RejectPriceIncrease:
		return fmt.Sprintf("# rejecting price increase %d has no line here, the curl form has", c.Increase)
	case vastapi.ChangeBid:
		return "vastai change bid " + c.ID.String() + " --price " + number(float64(c.Price))
	case vastapi.PrepayInstance:
		return prepayNote(c) + "vastai prepay instance " + prepayTarget(c) + " " + number(float64(c.Amount))
	}
	return "# " + s.String()
}

// officialUpdate is the line that changes what an instance is made from. The
// client takes the environment as JSON.
func officialUpdate(c vastapi.UpdateInstance) string {
	words := []string{"vastai", "update", "instance", c.ID.String()}
	if c.Template != "" {
		words = append(words, option("--template_hash_id", c.Template)...)
	}
	if c.Image != "" {
		words = append(words, option("--image", c.Image)...)
	}
	if env, pieces := markedEnv(c.Env, freeMark(c)); len(env) > 0 {
		text, err := json.Marshal(env)
		if err == nil {
			words = append(words, "--env", shellFilled(string(text), pieces))
		}
	}
	if c.OnStart != "" {
		words = append(words, option("--onstart", c.OnStart)...)
	}
	return strings.Join(words, " ")
}

// prepayTarget is the instance that is paid for, a placeholder while it is not
// made yet.
func prepayTarget(c vastapi.PrepayInstance) string {
	if c.ID == 0 {
		return `"$` + newInstance + `"`
	}
	return c.ID.String()
}

func prepayNote(c vastapi.PrepayInstance) string {
	if c.ID == 0 {
		return "# " + newInstance + " is the number that the line before answers with, new_contract\n"
	}
	return ""
}

// newInstance stands for the id of the instance that a step before makes.
const newInstance = "NEW_INSTANCE"

// number is v as a shell and the API read it.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// officialCreate is the line that rents. What the client would drop or mangle is
// named above it.
func officialCreate(c vastapi.CreateInstance) string {
	env, notes := officialEnv(c.Env)
	words := []string{"vastai", "create", "instance", c.Offer.String()}
	add := func(when bool, parts ...string) {
		if when {
			words = append(words, parts...)
		}
	}
	name, _ := SplitLabel(c.Label)
	run := RunType(c.RunType)
	add(c.Image != "", option("--image", c.Image)...)
	add(c.Template != "", option("--template_hash", c.Template)...)
	add(true, "--disk", number(float64(c.Disk)))
	add(name != "", option("--label", name)...)
	add(c.Price != nil, "--bid_price", price(c.Price))
	add(run.Jupyter(), "--jupyter")
	add(run.SSH() && !run.Jupyter() && run != RunSSH, "--ssh")
	add(run.Direct(), "--direct")
	add(c.JupyterLab, "--jupyter-lab")
	add(c.JupyterDir != "", option("--jupyter-dir", c.JupyterDir)...)
	add(env != "", "--env", env)
	add(c.OnStart != "" && run.Args(), option("--entrypoint", c.OnStart)...)
	add(c.OnStart != "" && !run.Args(), option("--onstart-cmd", c.OnStart)...)
	add(c.ImageLogin.Set(), "--login", `"$`+registryLogin+`"`)
	add(c.User != "", option("--user", c.User)...)
	words = append(words, officialVolume(c.Volume)...)
	add(c.CancelUnavail, "--cancel-unavail")
	add(c.Force, "--force")
	add(run.Args(), "--args")
	add(run.Args() && len(c.Args) > 0, QuoteWords(c.Args))
	if c.Template != "" && c.RunType != "" {
		notes = append(notes, "with a template the official client leaves the run type to it; this plan sends "+c.RunType)
	}
	if c.ImageLogin.Set() {
		notes = append(notes, registryLogin+" holds: -u USER -p PASSWORD REGISTRY")
	}
	return commented(notes) + strings.Join(words, " ")
}

// option is an option with its value. A value that looks like an option itself is
// written in the form --name=value.
func option(name, value string) []string {
	if strings.HasPrefix(value, "-") {
		return []string{shellQuote(name + "=" + value)}
	}
	return []string{name, shellQuote(value)}
}

// registryLogin is the placeholder of a registry login.
const registryLogin = "REGISTRY_LOGIN"

func price(r *vastapi.Rate) string {
	if r == nil {
		return ""
	}
	return number(float64(*r))
}

func commented(notes []string) string {
	var out strings.Builder
	for _, n := range notes {
		out.WriteString("# " + safetext.Clean(n, safetext.MaxRunes) + "\n")
	}
	return out.String()
}

func officialVolume(v *vastapi.VolumeMount) []string {
	switch {
	case v == nil:
		return nil
	case v.Link != 0:
		return append([]string{"--link-volume", v.Link.String()}, option("--mount-path", v.Path)...)
	}
	words := []string{"--create-volume", v.Offer.String()}
	if v.Size != 0 {
		words = append(words, "--volume-size", strconv.Itoa(v.Size))
	}
	if v.Name != "" {
		words = append(words, "--volume-label", shellQuote(v.Name))
	}
	return append(words, option("--mount-path", v.Path)...)
}

// officialEnv is the argument of --env, between double quotes because of the
// placeholders in it, and what the client's own parser would drop.
func officialEnv(sent map[string]string) (arg string, notes []string) {
	env := Env(maps.Clone(sent))
	delete(env, opVariable)
	var parts []string
	for _, flag := range env.Flags() {
		if !officialTakes(flag) {
			notes = append(notes, "the official client drops this flag, the curl form keeps it: "+flag)
		}
		parts = append(parts, doubleQuoted(flag))
	}
	stands := placeholders(env.Names())
	for _, name := range env.Names() {
		parts = append(parts, doubleQuoted("-e "+name+"='")+"$"+stands[name]+"'")
	}
	if len(parts) == 0 {
		return "", nil
	}
	return `"` + strings.Join(parts, " ") + `"`, notes
}

// officialTakes reports whether the official client's parser keeps a flag.
func officialTakes(flag string) bool {
	kind, value, _ := strings.Cut(flag, " ")
	switch kind {
	case "-v":
		return only(value, ":./_")
	case "-n":
		return only(value, "-") && strings.ToLower(value) == value
	}
	return !strings.Contains(value, " ")
}

// doubleQuoted is s as it stands between double quotes.
func doubleQuoted(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`").Replace(s)
}

// taken are variables that every shell has: their own value must not slip into a
// request in place of the one that was meant.
var taken = []string{
	"HOME", "PATH", "USER", "LOGNAME", "SHELL", "PWD", "OLDPWD", "LANG", "TERM", "TZ", "HOSTNAME", "UID", "EUID", "PPID", "IFS", "RANDOM",
	"SECONDS", "LINENO", "SHLVL", "TMPDIR", "DISPLAY", "EDITOR", "MAIL", "PS1", "PS2", "VAST_API_KEY", newInstance, registryLogin,
}

// placeholders are the shell variables that stand for the values of variables, by
// name. A name that a shell takes stands for itself; of others that come to the
// same, the second is numbered.
func placeholders(names []string) map[string]string {
	stands := make(map[string]string, len(names))
	used := map[string]bool{}
	for _, name := range names {
		if placeholder(name) == name {
			stands[name], used[name] = name, true
		}
	}
	for _, name := range names {
		if stands[name] != "" {
			continue
		}
		base := placeholder(name)
		free := base
		for n := 2; used[free]; n++ {
			free = base + "_" + strconv.Itoa(n)
		}
		stands[name], used[free] = free, true
	}
	return stands
}

// placeholder is the shell variable that stands for a variable's value, unless
// another takes it.
func placeholder(name string) string {
	clean := strings.Map(func(r rune) rune {
		if r == '.' || r == '-' {
			return '_'
		}
		return r
	}, name)
	if slices.Contains(taken, clean) || strings.HasPrefix(clean, "BASH") || strings.HasPrefix(clean, "LC_") {
		return "VALUE_OF_" + clean
	}
	return clean
}

// PathShown is the path of the step's request, with a name in place of the id of
// an instance that is not made yet.
func (s Step) PathShown() string {
	if c, ok := s.Call.(vastapi.PrepayInstance); ok && c.ID == 0 {
		return "/api/v0/instances/prepay/{the new instance}/"
	}
	return s.Call.Path()
}
