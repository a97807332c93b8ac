package remote_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// payloads are texts that have opened doors elsewhere.
var payloads = []string{
	"", "-oProxyCommand=touch /tmp/x", "-oProxyCommand=x.vast.ai", "--", "-", "-F/etc/passwd", "-l", "@", "root@", "a@b.vast.ai", "a b.vast.ai",
	"a\nb.vast.ai", "ssh1.vast.ai\n    ProxyCommand sh", "ssh1.vast.ai\r\nHost *", "a\x00.vast.ai", "$(id).vast.ai", "`id`.vast.ai", "%h.vast.ai",
	"${HOME}.vast.ai", "a;id;.vast.ai", "a|id.vast.ai", "a'.vast.ai", `a".vast.ai`, `a\.vast.ai`, "*.vast.ai", "?.vast.ai", "!a.vast.ai", ".vast.ai",
	"a,b.vast.ai", "a/b.vast.ai", "a:22.vast.ai", "[::1].vast.ai", "ｓｓｈ.vast.ai", "ssh１.vast.ai", "ѕѕh.vast.ai", "ssh1.vast.ai.evil.example",
	"evil.example/.vast.ai", "evilvast.ai", "vast.ai", "ssh1.vast.ai ", "\u202essh1.vast.ai", "ssh1\u200b.vast.ai", "#a.vast.ai", "~.vast.ai", "=.vast.ai",
	"Match all exec id", "Include /etc/passwd", "::1", "127.0.0.1", "0", "0.0.0.0", "2130706433", "0177.0.0.1", "1.2.3.4%eth0", "fe80::1%-oProxyCommand",
	"1.2.3.4\n", "1.2.3.4 -oProxyCommand=x", "::ffff:127.0.0.1", "\x1b]0;x\a.vast.ai", "vast-1", "vast-42", "42", "42-proxy", "train-42", "TRAIN", "train",
	strings.Repeat("a", 300) + ".vast.ai", strings.Repeat("x", 1<<16), strings.Repeat("a.", 126) + "vast.ai", strings.Repeat("\n", 1000),
}

var pieces = []string{
	"-", "o", "ProxyCommand", "=", " ", "\n", "\r", "\t", "%", "$", "(", ")", "{", "}", "`", "'", `"`, `\`, "*", "?", "!", ",", ";", "|", "&", "<", ">",
	"#", "@", ":", "[", "]", "/", "~", ".", "vast", ".vast.ai", "ssh1", "1.2.3.4", "::", "é", "ß", "世", "\u202e", "\u200b", "\xff", "\x00", "\x1b", "A", "z", "0",
	"Host", "Match", "Include",
}

func hostileText(r *rand.Rand) string {
	if r.IntN(4) == 0 {
		return payloads[r.IntN(len(payloads))]
	}
	var b strings.Builder
	for range r.IntN(12) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	if r.IntN(3) == 0 {
		b.WriteString(".vast.ai")
	}
	return b.String()
}

func hostilePort(r *rand.Rand) int {
	ports := []int{-1, 0, 1, 22, 40022, 65534, 65535, 65536, 1 << 31, -65535}
	return ports[r.IntN(len(ports))]
}

func hostileInstance(r *rand.Rand, id int) vastapi.Instance {
	kinds := []string{"ssh", "ssh_proxy", "jupyter_proxy ssh_proxy", "args", "", hostileText(r)}
	return vastapi.Instance{
		ID: vastapi.InstanceID(id), Label: safetext.New(hostileText(r)), Actual: safetext.New("running"), Intended: safetext.New("running"),
		RunType: safetext.New(kinds[r.IntN(len(kinds))]), PublicIP: safetext.New(hostileText(r)), SSHHost: safetext.New(hostileText(r)),
		SSHPort: hostilePort(r), Ports: []vastapi.PortMap{{Container: "22/tcp", Host: hostilePort(r)}},
	}
}

const hostiles = 10_000

func TestHostileAddressesNeverBecomeArguments(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	r := rand.New(rand.NewPCG(1, 2))
	usable := 0
	for n := range hostiles {
		i := hostileInstance(r, 1+n)
		told := remote.TargetOf(&i)
		byHand := remote.Endpoint{Way: remote.Proxy, Host: hostileText(r), Port: hostilePort(r)}
		for _, e := range []remote.Endpoint{told.Direct, told.Proxy, byHand} {
			if e.Given() && inspect(t, h, i.ID, e) {
				usable++
			}
		}
		f := remote.Forward{Instance: i.ID, Bind: hostileText(r), Local: hostilePort(r), Host: hostileText(r), Remote: hostilePort(r)}
		inspectForward(t, h, f)
	}
	if usable == 0 {
		t.Error("not one of them was usable: nothing was looked at")
	}
	if lines := h.recorder.Lines(); len(lines) > 0 {
		t.Errorf("processes were started: %.200v", lines)
	}
}

// inspect asks for every kind of call to e; it reports whether e was usable.
func inspect(t *testing.T, h *home, id vastapi.InstanceID, e remote.Endpoint) bool {
	t.Helper()
	shell, err := h.ShellCommand(id, remote.Chosen{Endpoint: e}, remote.Shell{})
	master, masterErr := h.MasterCommand(id, e, true)
	line, lineErr := h.LineCommand(id, e, remote.Use, "true")
	if (err == nil) != isAddress(e) || (masterErr == nil) != (err == nil) || (lineErr == nil) != (err == nil) {
		t.Fatalf("%q:%d: %v, %v, %v", e.Host, e.Port, err, masterErr, lineErr)
	}
	if err != nil {
		return false
	}
	for _, c := range []remote.Command{shell, master, line} {
		behind := behindDashes(t, c)
		if behind[0] != "root@"+e.Host {
			t.Fatalf("%q became %q", e.Host, behind)
		}
	}
	return true
}

// behindDashes are the arguments after the two dashes; none may begin with one.
func behindDashes(t *testing.T, c remote.Command) []string {
	t.Helper()
	at := slices.Index(c.Args, "--")
	if at < 0 || at == len(c.Args)-1 {
		t.Fatalf("no two dashes, or nothing behind them: %q", c.Args)
	}
	for _, a := range c.Args[at+1:] {
		if a == "" || a[0] == '-' {
			t.Fatalf("%q begins with a dash in %q", a, c.Args)
		}
	}
	return c.Args[at+1:]
}

func inspectForward(t *testing.T, h *home, f remote.Forward) {
	t.Helper()
	c, err := h.ForwardCommand(f)
	if err != nil {
		return
	}
	spec := c.Args[slices.Index(c.Args, "-L")+1]
	if strings.ContainsAny(spec, " \n\r\t/@=$%`'\"\\") || strings.HasPrefix(spec, "-") {
		t.Fatalf("%+v became %q", f, spec)
	}
	if behind := behindDashes(t, c); behind[0] != remote.Alias(f.Instance) {
		t.Fatalf("%+v became %q", f, c.Args)
	}
}

var plainHost = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*\.vast\.ai$`)

// isAddress says a second time, in other words, what an address is.
func isAddress(e remote.Endpoint) bool {
	if e.Port < 1 || e.Port > 65535 {
		return false
	}
	if ip, err := netip.ParseAddr(e.Host); err == nil {
		return ip.Zone() == "" && ip.Unmap().IsGlobalUnicast() && !ip.Unmap().IsPrivate()
	}
	return len(e.Host) <= 253 && plainHost.MatchString(e.Host)
}

func TestHostileInstancesLeaveTheConfigurationWhole(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	r := rand.New(rand.NewPCG(3, 4))
	for range hostiles / 100 {
		var targets []remote.Target
		for n := range 100 {
			i := hostileInstance(r, 1+n)
			if r.IntN(2) == 0 {
				i.SSHHost, i.SSHPort = safetext.New(fmt.Sprintf("ssh%d.vast.ai", n)), 10000+n
			}
			told := remote.TargetOf(&i)
			told.Name = hostileText(r) // even one that was not made inert
			if r.IntN(8) == 0 {
				told.Direct = remote.Endpoint{Way: remote.Direct, Host: hostileText(r), Port: hostilePort(r)}
			}
			targets = append(targets, told)
		}
		inspectConfig(t, h.RenderConfig(targets))
	}
}

var (
	hostLine   = regexp.MustCompile(`^Host( vast-([a-z0-9-]{1,60}\.)?[a-z0-9][a-z0-9-]{0,120})+$`)
	optionLine = regexp.MustCompile(`^    (HostName|Port|User|UserKnownHostsFile|HostKeyAlias|StrictHostKeyChecking|CheckHostIP|HashKnownHosts|ForwardAgent|ForwardX11|PermitLocalCommand|Tunnel|ServerAliveInterval|ControlMaster|ControlPath) [!-~]+$`)
)

// inspectConfig reads a managed configuration strictly: every line is one that the
// renderer writes, hosts are addresses and no name stands twice.
func inspectConfig(t *testing.T, text string) {
	t.Helper()
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "", strings.HasPrefix(line, "# "):
		case hostLine.MatchString(line):
			for _, name := range strings.Fields(line)[1:] {
				if seen[name] {
					t.Fatalf("%s stands twice", name)
				}
				seen[name] = true
			}
		case optionLine.MatchString(line):
			inspectOption(t, strings.Fields(line))
		default:
			t.Fatalf("line %q", line)
		}
	}
}

func inspectOption(t *testing.T, words []string) {
	t.Helper()
	switch words[0] {
	case "HostName":
		if !isAddress(remote.Endpoint{Host: words[1], Port: 22}) {
			t.Fatalf("host %q", words[1])
		}
	case "Port":
		if n, err := strconv.Atoi(words[1]); err != nil || n < 1 || n > 65535 {
			t.Fatalf("port %q", words[1])
		}
	}
}
