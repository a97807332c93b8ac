package rental

import (
	"fmt"
	"strconv"
	"strings"
)

// MaxPorts is how many ports a container may open (documentation of the
// marketplace's networking).
const MaxPorts = 64

// Ports from 70000 on are the same inside as outside, at a number the market
// chooses.
const (
	lastPort      = 65535
	firstIdentity = 70000
	lastIdentity  = 99999
)

// isPortLike reports whether s looks like the value of -p.
func isPortLike(s string) bool {
	digits := false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits = true
		case c == ':' || c == '/' || c == '-' && i > 0:
		case strings.HasSuffix(s, "/tcp") || strings.HasSuffix(s, "/udp"):
		default:
			return false
		}
	}
	return digits
}

// port stores the ports of one -p, a range as its ports one by one.
func (p *envParser) port(spec string) *fault {
	ports, f := parsePorts(spec)
	if f != nil {
		return f
	}
	if len(p.ports)+len(ports) > MaxPorts {
		return &fault{fmt.Sprintf("more than %d ports: take some away", MaxPorts)}
	}
	_, proto, explicit := strings.Cut(spec, "/")
	for _, port := range ports {
		if p.ports[port.String()] {
			return &fault{"port " + port.String() + " is opened twice: keep one of the two"}
		}
		p.ports[port.String()] = true
		key := "-p " + strconv.Itoa(port.Container)
		if port.Host != 0 {
			key = fmt.Sprintf("-p %d:%d", port.Host, port.Container)
		}
		if explicit {
			key += "/" + proto
		}
		p.env[key] = "1"
	}
	return nil
}

// parsePorts reads [HOST:]CONTAINER[/tcp|/udp], each side a number or a range.
func parsePorts(spec string) ([]Port, *fault) {
	sides, proto, explicit := strings.Cut(spec, "/")
	if !explicit {
		proto = "tcp"
	}
	if proto != "tcp" && proto != "udp" {
		return nil, &fault{"a port is of tcp or udp: write e.g. 8080:8080/udp"}
	}
	parts := strings.Split(sides, ":")
	if len(parts) > 2 {
		return nil, &fault{"an address cannot be chosen: write the two ports alone, e.g. 8080:8080"}
	}
	inner, f := portRange(parts[len(parts)-1])
	if f != nil {
		return nil, f
	}
	outer := portSpan{}
	if len(parts) == 2 {
		if outer, f = portRange(parts[0]); f != nil {
			return nil, f
		}
		if f = pairs(outer, inner); f != nil {
			return nil, f
		}
	}
	return expand(outer, inner, proto), nil
}

// portSpan is a range of ports, both ends in it.
type portSpan struct{ from, to int }

func (s portSpan) len() int { return s.to - s.from + 1 }

func portRange(s string) (portSpan, *fault) {
	first, last, isRange := strings.Cut(s, "-")
	from, ok := portNumber(first)
	if !ok {
		return portSpan{}, &fault{"a port is a number of 1 to 65535, or 70000 and more for the same number inside and outside: write e.g. 8080:8080"}
	}
	if !isRange {
		return portSpan{from, from}, nil
	}
	to, ok := portNumber(last)
	switch {
	case !ok || to < from || (from >= firstIdentity) != (to >= firstIdentity):
		return portSpan{}, &fault{"a range goes from the lower port to the higher: write e.g. 8000-8005:8000-8005"}
	case to-from >= MaxPorts:
		return portSpan{}, &fault{fmt.Sprintf("a range has at most %d ports", MaxPorts)}
	}
	return portSpan{from, to}, nil
}

func portNumber(s string) (int, bool) {
	if len(s) == 0 || len(s) > 5 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && (n >= 1 && n <= lastPort || n >= firstIdentity && n <= lastIdentity)
}

// pairs says whether two ranges can be mapped to each other.
func pairs(outer, inner portSpan) *fault {
	switch {
	case outer.len() != inner.len():
		return &fault{fmt.Sprintf("the ranges have %d and %d ports: make them the same", outer.len(), inner.len())}
	case (outer.from >= firstIdentity || inner.from >= firstIdentity) && outer != inner:
		return &fault{"a port of 70000 and more is the same on both sides: write e.g. 70000:70000"}
	}
	return nil
}

func expand(outer, inner portSpan, proto string) []Port {
	ports := make([]Port, inner.len())
	for n := range ports {
		ports[n] = Port{Container: inner.from + n, Proto: proto}
		if outer.from != 0 {
			ports[n].Host = outer.from + n
		}
	}
	return ports
}

// mount stores SOURCE:FOLDER[:ro|rw].
func (p *envParser) mount(spec string) *fault {
	parts := strings.Split(spec, ":")
	switch {
	case !only(spec, ":./_-"):
		return &fault{"a mount has letters, digits and . / _ - only: write e.g. V.881:/data"}
	case len(parts) < 2 || len(parts) > 3 || parts[0] == "" || parts[0][0] == '-':
		return &fault{"a mount is a volume and a folder: write e.g. V.881:/data"}
	case !strings.HasPrefix(parts[1], "/") || strings.Trim(parts[1], "/") == "":
		return &fault{"the folder in the container begins with /: write e.g. V.881:/data"}
	case len(parts) == 3 && parts[2] != "ro" && parts[2] != "rw":
		return &fault{"after the folder comes ro, rw or nothing"}
	}
	target := strings.TrimRight(parts[1], "/")
	if p.mounts[target] {
		return &fault{"this folder is mounted twice: keep one of the two"}
	}
	p.mounts[target] = true
	p.env["-v "+spec] = "1"
	return nil
}

// hostname stores the container's name.
func (p *envParser) hostname(name string) *fault {
	switch {
	case name == "" || len(name) > 63 || !only(name, ".-") || strings.Trim(name, ".-") != name:
		return &fault{"a host name has 1 to 63 letters, digits, . and -, and begins and ends with a letter or digit"}
	case p.env[hostFlag] != "":
		return &fault{"the host name is set twice: keep one of the two"}
	}
	p.env[hostFlag] = name
	return nil
}

// network stores the name of a network.
func (p *envParser) network(name string) *fault {
	if name == "" || !only(name, "-") || strings.ToLower(name) != name || name[0] == '-' {
		return &fault{"the name of a network has lower case letters, digits and - only, and does not begin with -"}
	}
	key := "-n " + name
	if p.env[key] != "" {
		return &fault{"this network is named twice: keep one of the two"}
	}
	p.env[key] = "1"
	return nil
}

// only reports whether s has nothing but ASCII letters, digits and the given
// other characters.
func only(s, others string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		alnum := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !alnum && !strings.ContainsRune(others, r)
	})
}
