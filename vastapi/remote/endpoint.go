package remote

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"

	"vastdeck/vastapi"
)

const maxPort = 65535

var (
	hostName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,252}$`) })
	userName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z_][a-z0-9_-]{0,31}$`) })
)

// providerDomain is where the ssh proxies have their names ("ssh6.vast.ai").
const providerDomain = ".vast.ai"

// The words a target is refused with.
const (
	refusedStopped = "It is not running. Start it first."
	refusedLoading = "It is not running yet. Wait until it runs."
	refusedNoSSH   = "Its image was started without ssh. Rent it with the launch mode ssh, or map port 22 in its environment."
	refusedNoPorts = "Its address is not known yet. Wait until it runs."
	refusedBad     = "The address that was told for it is not one that ssh may be given. Refresh, and report it if it stays."
)

// TargetOf is what ssh has to know of an instance. Hosts in allow are taken although
// they are neither public addresses nor names of the provider; that is for tests.
//
// The direct way is public_ipaddr with the host port of 22/tcp. The proxy is ssh_host
// with ssh_port, one port higher when the run type has jupyter in it, which is how the
// official command line prints ssh-url. An instance that runs neither ssh nor jupyter
// has no proxy; with port 22 mapped by hand it can still be reached directly.
func TargetOf(i *vastapi.Instance, allow ...string) Target {
	t := Target{Instance: i.ID, Machine: i.MachineID, Name: nameOf(i.Label.String())}
	t.Running = i.Actual.String() == "running" && i.Intended.String() != "stopped"
	told := false
	if port, ok := i.DirectSSH(); ok && !i.PublicIP.Empty() {
		told = true
		t.Direct = checked(Direct, strings.ToLower(i.PublicIP.String()), port, allow)
	}
	if hasSSH(i.RunType.String()) && !i.SSHHost.Empty() && i.SSHPort > 0 {
		told = true
		t.Proxy = checked(Proxy, strings.ToLower(i.SSHHost.String()), proxyPort(i), allow)
	}
	t.Refused = t.refusal(hasSSH(i.RunType.String()), told)
	if t.Refused == refusedStopped && onItsWay(i) {
		t.Refused = refusedLoading
	}
	return t
}

// onItsWay reports whether an instance was started and does not run yet.
func onItsWay(i *vastapi.Instance) bool {
	actual := i.Actual.String()
	return i.Intended.String() == "running" && (actual == "" || actual == "created" || actual == "loading")
}

// refusal is why there is no way. The addresses of an instance that does not run stay
// in the target: they are what the configuration of ssh is written from.
func (t Target) refusal(ssh, told bool) string {
	given := t.Direct.Given() || t.Proxy.Given()
	switch {
	case !ssh && !t.Direct.Given() && !told:
		return refusedNoSSH
	case !t.Running:
		return refusedStopped
	case !told:
		return refusedNoPorts
	case !given:
		return refusedBad
	}
	return ""
}

// hasSSH reads a run type by its parts, as the official client does: "ssh_direc
// ssh_proxy", "jupyter_proxy", "args". One that was not told may have it.
func hasSSH(runType string) bool {
	return runType == "" || strings.Contains(runType, "ssh") || strings.Contains(runType, "jupyter")
}

func proxyPort(i *vastapi.Instance) int {
	if strings.Contains(i.RunType.String(), "jupyter") {
		return i.SSHPort + 1
	}
	return i.SSHPort
}

// checked is the endpoint, or the zero Endpoint when it is not one for ssh.
func checked(w Way, host string, port int, allow []string) Endpoint {
	e := Endpoint{Way: w, Host: host, Port: port}
	if e.check(allow) != nil {
		return Endpoint{}
	}
	return e
}

// check refuses whatever must not become an argument of ssh. It is asked again by
// everything that makes arguments, because an Endpoint can be made by hand.
func (e Endpoint) check(allow []string) error {
	if e.Port < 1 || e.Port > maxPort {
		return fmt.Errorf("checking an ssh address: the port is not between 1 and %d", maxPort)
	}
	if ip, err := netip.ParseAddr(e.Host); err == nil {
		if ip.Zone() == "" && (isPublic(ip) || slices.Contains(allow, e.Host)) {
			return nil
		}
		return errors.New("checking an ssh address: the address is not one that an instance can have")
	}
	if !hostName().MatchString(e.Host) {
		return errors.New("checking an ssh address: the host is not a plain name")
	}
	if !strings.HasSuffix(e.Host, providerDomain) && !slices.Contains(allow, e.Host) {
		return errors.New("checking an ssh address: the host is not a name of the provider")
	}
	return nil
}

// isPublic leaves out the addresses of this machine, of its own network and of none: an
// instance that claims one would make ssh speak to the user's computers. Of IPv6, only
// 2000::/3 is given out to hosts.
func isPublic(ip netip.Addr) bool {
	ip = ip.Unmap()
	if ip.Is6() && !givenOut.Contains(ip) {
		return false
	}
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(ip) })
}

var givenOut = netip.MustParsePrefix("2000::/3")

// special are the ranges inside the public ones that are for something else than hosts
// of the Internet (IANA's registries of special-purpose addresses). Those for examples in
// texts are left in: nobody answers there.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2002::/16", // the second leads to the IPv4 address inside
)

func prefixes(texts ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		all[i] = netip.MustParsePrefix(text)
	}
	return all
}

// A rental's label ends in this mark and twelve characters by which it is found again.
var rentalMark = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(^| )vx-[a-z2-7]{12}$`) })

func nameOf(label string) string { return rentalMark().ReplaceAllString(label, "") }

// Alias is the name by which ssh knows an instance, whatever its address is at the
// moment: the name its host key is kept under and a name for the user's own shell.
func Alias(id vastapi.InstanceID) string { return "vast-" + id.String() }
