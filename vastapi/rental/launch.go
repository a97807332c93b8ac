package rental

import (
	"slices"
	"strings"
)

// Launch says how a container is started, by the switches of the official
// client. The zero Launch is no choice: a template decides then, and without one
// DefaultLaunch is used.
type Launch struct {
	SSH        bool
	Jupyter    bool
	Direct     bool   // ports of the machine itself, beside the proxy's
	JupyterDir string // folder Jupyter opens; implies Jupyter
	JupyterLab bool   // JupyterLab instead of the notebook; implies Jupyter
	// Args are the arguments of the image's own entrypoint. Nil: none are given.
	// Not nil, even if empty: the entrypoint runs as the image has it.
	Args []string
}

// DefaultLaunch is ssh over the machine's own ports, with the proxy beside it.
var DefaultLaunch = Launch{SSH: true, Direct: true}

// ErrJupyterArgs is why a Launch has no run type: Jupyter replaces the
// entrypoint that the arguments are for.
var ErrJupyterArgs = FieldError{"launch", "jupyter replaces the image's entrypoint, so arguments for it would be lost: choose args without jupyter, or take the arguments away"}

// LaunchModes are the three ways to start a container that a form offers.
var LaunchModes = []string{"ssh", "jupyter", "args"}

// LaunchOf is the Launch for one of LaunchModes; args are used by "args" alone.
// An unknown mode is the zero Launch.
func LaunchOf(mode string, direct bool, args []string) Launch {
	switch mode {
	case "ssh":
		return Launch{SSH: true, Direct: direct}
	case "jupyter":
		return Launch{Jupyter: true, Direct: direct}
	case "args":
		return Launch{Args: append([]string{}, args...)}
	}
	return Launch{}
}

// Mode is the one of LaunchModes that l comes to, "" for the zero Launch.
func (l Launch) Mode() string {
	switch {
	case !l.Chosen():
		return ""
	case l.jupyter():
		return "jupyter"
	case l.Args != nil && !l.SSH:
		return "args"
	}
	return "ssh"
}

// Chosen reports whether anything was chosen.
func (l Launch) Chosen() bool {
	return l.SSH || l.Jupyter || l.Direct || l.JupyterDir != "" || l.JupyterLab || l.Args != nil
}

func (l Launch) jupyter() bool { return l.Jupyter || l.JupyterLab || l.JupyterDir != "" }

// RunType is the runtype l is sent as, by the rules of the official client
// (get_runtype of vast-cli). The error is ErrJupyterArgs.
func (l Launch) RunType() (RunType, error) {
	switch {
	case l.jupyter() && l.Args != nil:
		return "", ErrJupyterArgs
	case l.jupyter() && l.Direct:
		return RunJupyterDirect, nil
	case l.jupyter():
		return RunJupyterProxy, nil
	case l.SSH && l.Direct:
		return RunSSHDirect, nil
	case l.SSH:
		return RunSSHProxy, nil
	case l.Args != nil:
		return RunArgs, nil
	}
	return RunSSH, nil
}

// SentArgs are the arguments as they are sent: nil when there are none, or only
// an empty one, as the official client has it.
func (l Launch) SentArgs() []string {
	if len(l.Args) == 0 || len(l.Args) == 1 && l.Args[0] == "" {
		return nil
	}
	return slices.Clone(l.Args)
}

// RunType is a runtype as the API spells it: words separated by spaces.
type RunType string

// The run types that a Launch comes to. The misspelt words are the API's.
const (
	RunSSH           RunType = "ssh"
	RunSSHProxy      RunType = "ssh_proxy"
	RunSSHDirect     RunType = "ssh_direc ssh_proxy"
	RunJupyterProxy  RunType = "jupyter_proxy ssh_proxy"
	RunJupyterDirect RunType = "jupyter_direc ssh_direc ssh_proxy"
	RunArgs          RunType = "args"
)

// String is the runtype as it is sent.
func (r RunType) String() string { return string(r) }

// Jupyter reports whether a Jupyter server is started. Instances report any of
// several spellings, so it goes by what the text contains.
func (r RunType) Jupyter() bool { return strings.Contains(string(r), "jupyter") }

// SSH reports whether one can log in with ssh.
func (r RunType) SSH() bool { return strings.Contains(string(r), "ssh") || r.Jupyter() }

// Direct reports whether ports of the machine itself are asked for.
func (r RunType) Direct() bool { return strings.Contains(string(r), "direc") }

// Args reports whether the image's own entrypoint runs.
func (r RunType) Args() bool { return strings.TrimSpace(string(r)) == "args" }

// OwnPorts are the container ports that the run type itself opens.
func (r RunType) OwnPorts() []string {
	switch {
	case !r.Direct():
		return nil
	case r.Jupyter():
		return []string{"8080/tcp", "22/tcp"}
	}
	return []string{"22/tcp"}
}

// Words says what the run type means: "ssh, direct and by proxy".
func (r RunType) Words() string {
	how := "by proxy"
	if r.Direct() {
		how = "direct and by proxy"
	}
	switch {
	case r.Jupyter():
		return "jupyter and ssh, " + how
	case r.Args():
		return "the image's own entrypoint, no ssh"
	}
	return "ssh, " + how
}

// Launch is the Launch that comes to r, for "rent again": what an instance
// reports says no more than this. Arguments are not told.
func (r RunType) Launch() Launch {
	switch {
	case r.Jupyter():
		return Launch{Jupyter: true, Direct: r.Direct()}
	case r.SSH():
		return Launch{SSH: true, Direct: r.Direct()}
	case r.Args():
		return Launch{Args: []string{}}
	}
	return Launch{}
}

// errNoPortal is why a portal without jupyter cannot be sent.
var errNoPortal = FieldError{"env", "PORTAL_CONFIG lists only jupyter, which this run type does not start: choose jupyter, or add another entry to it"}

// portalConfig is the value of PORTAL_CONFIG for a run type: entries of jupyter
// are left out where no jupyter is started, as the official client does it.
// A template's run type is not known here ("").
func portalConfig(r RunType, value string) (string, error) {
	if r.Jupyter() || value == "" {
		return value, nil
	}
	entries := slices.DeleteFunc(strings.Split(value, "|"), func(entry string) bool {
		return strings.Contains(strings.ToLower(entry), "jupyter")
	})
	if len(entries) == 0 {
		return "", errNoPortal
	}
	return strings.Join(entries, "|"), nil
}
