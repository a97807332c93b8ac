package rental

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Env is the environment of a container as it is sent: variables by their name,
// docker flags as "-p 8080:8080": "1", "-v V.881:/data": "1", "-n net": "1" and
// "-h": "box". Values may be secret: printing an Env masks those of variables.
type Env map[string]string

// Port is one port of the container that is opened.
type Port struct {
	Host      int    // asked for outside, 0 = not said; the market gives a random one whatever is asked
	Container int    // 70000 and above: the same number inside as outside
	Proto     string // "tcp" or "udp"
}

// String is the port as the list of an instance names it: "8080/tcp".
func (p Port) String() string { return fmt.Sprintf("%d/%s", p.Container, p.Proto) }

// Names are the names of the variables, sorted.
func (e Env) Names() []string {
	var names []string
	for k := range e {
		if !isFlag(k) {
			names = append(names, k)
		}
	}
	slices.Sort(names)
	return names
}

// Flags are the docker flags, sorted: "-h box", "-p 8080:8080".
func (e Env) Flags() []string {
	var flags []string
	for k, v := range e {
		switch {
		case k == hostFlag:
			flags = append(flags, hostFlag+" "+v)
		case isFlag(k):
			flags = append(flags, k)
		}
	}
	slices.Sort(flags)
	return flags
}

// Ports are the ports that the flags open, in order; a flag that is none of a
// port's is left out.
func (e Env) Ports() []Port {
	var ports []Port
	for k := range e {
		spec, ok := strings.CutPrefix(k, "-p ")
		if !ok {
			continue
		}
		if list, fault := parsePorts(spec); fault == nil {
			ports = append(ports, list...)
		}
	}
	slices.SortFunc(ports, func(a, b Port) int {
		if a.Container != b.Container {
			return a.Container - b.Container
		}
		return strings.Compare(a.Proto, b.Proto)
	})
	return ports
}

// Text is e as ParseEnv reads it: flags first, then variables, each sorted. It
// holds the values, which may be secret.
func (e Env) Text() string { return e.print(quoteValue) }

// String is Text with the values masked.
func (e Env) String() string { return e.print(func(string) string { return Masked }) }

// GoString is String for %#v.
func (e Env) GoString() string { return "rental.Env(" + e.String() + ")" }

// Format prints String for every verb.
func (e Env) Format(f fmt.State, _ rune) { fmt.Fprint(f, e.String()) }

// MarshalJSON writes the object with the values of variables masked.
func (e Env) MarshalJSON() ([]byte, error) {
	masked := make(map[string]string, len(e))
	for k, v := range e {
		if !isFlag(k) {
			v = Masked
		}
		masked[k] = v
	}
	return json.Marshal(masked)
}

func (e Env) print(value func(string) string) string {
	parts := e.Flags()
	for _, name := range e.Names() {
		parts = append(parts, "-e "+name+"="+value(e[name]))
	}
	return strings.Join(parts, " ")
}

// With is e and over it what other has, by name: what a request does to a
// template's environment.
func (e Env) With(other Env) Env {
	out := make(Env, len(e)+len(other))
	maps.Copy(out, e)
	maps.Copy(out, other)
	return out
}

// Masked is what stands where the value of a variable is not shown.
const Masked = "…"

// hostFlag is the only flag that is a name of its own.
const hostFlag = "-h"

func isFlag(name string) bool { return strings.HasPrefix(name, "-") }

// quoteValue writes a value so that it is read back as it is.
func quoteValue(v string) string {
	switch {
	case !strings.ContainsAny(v, " \t\n\r") && !strings.HasPrefix(v, `'`) && !strings.HasPrefix(v, `"`):
		return v
	case !strings.Contains(v, `'`):
		return `'` + v + `'`
	case !strings.Contains(v, `"`):
		return `"` + v + `"`
	}
	var out strings.Builder
	for len(v) > 0 {
		mark, end := `'`, strings.IndexByte(v, '\'')
		if end == 0 {
			mark, end = `"`, strings.IndexByte(v, '"')
		}
		if end < 0 {
			end = len(v)
		}
		out.WriteString(mark + v[:end] + mark)
		v = v[end:]
	}
	return out.String()
}

func sortedKeys(e Env) []string {
	return slices.Sorted(maps.Keys(e))
}
