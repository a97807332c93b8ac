package remote_test

import (
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// rented is a running instance with both ways.
func rented(change ...func(*vastapi.Instance)) *vastapi.Instance {
	i := &vastapi.Instance{
		ID: 42, MachineID: 7, Label: safetext.New("train vx-abcdefghijkl"), Actual: safetext.New("running"),
		Intended: safetext.New("running"), RunType: safetext.New("ssh_direc ssh_proxy"), PublicIP: safetext.New(" 203.0.113.7\n"),
		Ports: []vastapi.PortMap{{Container: "22/tcp", Host: 40022}}, SSHHost: safetext.New("ssh6.vast.ai"), SSHPort: 10042,
	}
	for _, c := range change {
		c(i)
	}
	return i
}

func runType(s string) func(*vastapi.Instance) {
	return func(i *vastapi.Instance) { i.RunType = safetext.New(s) }
}
func noPorts(i *vastapi.Instance) { i.Ports = nil }

func TestTargetHasBothWays(t *testing.T) {
	t.Parallel()
	want := target()
	if got := remote.TargetOf(rented()); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestProxyPortIsOneHigherForJupyter(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]int{
		"ssh": 10042, "ssh_proxy": 10042, "ssh_direct": 10042, "ssh_direc ssh_proxy": 10042, "ssh ssh_direc ssh_proxy": 10042,
		"jupyter": 10043, "jupyter_proxy ssh_proxy": 10043, "jupyter_direct": 10043, "jupyter_direc ssh_direc ssh_proxy": 10043,
		"": 10042, "args": 0,
	} {
		got := remote.TargetOf(rented(runType(kind), noPorts))
		if got.Proxy.Port != want || got.Direct.Given() {
			t.Errorf("%q: got %+v, want port %d", kind, got, want)
		}
	}
}

func TestTargetSaysWhyThereIsNoWay(t *testing.T) {
	t.Parallel()
	words := func(change ...func(*vastapi.Instance)) string { return remote.TargetOf(rented(change...)).Refused }
	stopped := func(i *vastapi.Instance) { i.Actual = safetext.New("exited") }
	loading := func(i *vastapi.Instance) { i.Actual, i.Intended = safetext.New("loading"), safetext.New("running") }
	stopping := func(i *vastapi.Instance) { i.Intended = safetext.New("stopped") }
	noProxy := func(i *vastapi.Instance) { i.SSHHost, i.SSHPort = safetext.Text{}, 0 }
	hostile := func(i *vastapi.Instance) {
		i.SSHHost, i.PublicIP = safetext.New("-oProxyCommand=x"), safetext.New("127.0.0.1")
	}
	for name, c := range map[string]struct{ got, want string }{
		"both ways":         {words(), ""},
		"args with port 22": {words(runType("args")), ""},
		"args":              {words(runType("args"), noPorts), "Its image was started without ssh. Rent it with the launch mode ssh, or map port 22 in its environment."},
		"stopped":           {words(stopped), "It is not running. Start it first."},
		"loading":           {words(loading), "It is not running yet. Wait until it runs."},
		"stopping":          {words(stopping), "It is not running. Start it first."},
		"no address yet":    {words(noPorts, noProxy), "Its address is not known yet. Wait until it runs."},
		"hostile":           {words(hostile), "The address that was told for it is not one that ssh may be given. Refresh, and report it if it stays."},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", name, c.got, c.want)
		}
	}
}

func TestStoppedInstanceKeepsItsAddresses(t *testing.T) {
	t.Parallel()
	got := remote.TargetOf(rented(func(i *vastapi.Instance) { i.Actual = safetext.New("exited") }))
	if got.Direct != direct || got.Proxy != proxy || got.Running {
		t.Errorf("got %+v", got)
	}
}

func TestAddressesOfThisMachineAreRefused(t *testing.T) {
	t.Parallel()
	for _, ip := range []string{
		"127.0.0.1", "127.9.9.9", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.1.1",
		"fe80::1", "fe80::1%eth0", "2001:db8::1%eth0", "224.0.0.1", "255.255.255.255", "fd00::1", "localhost",
		"0.1.2.3", "100.101.102.103", "192.0.0.8", "192.88.99.1", "198.18.0.1", "198.19.255.255", "240.0.0.1", "::ffff:100.64.0.1", "fec0::1", "ff02::1",
		"64:ff9b::7f00:1", "64:ff9b:1::a00:1", "100::1", "2001::1", "2001:10::1", "2002:7f00:1::1", "::127.0.0.1", "5f00::1", "1.2.3", "0x7f.1", "2130706433",
	} {
		got := remote.TargetOf(rented(func(i *vastapi.Instance) { i.PublicIP = safetext.New(ip) }))
		if got.Direct.Given() {
			t.Errorf("%s was taken: %+v", ip, got.Direct)
		}
	}
	for _, ip := range []string{"127.0.0.1", "::1", "box.test"} {
		got := remote.TargetOf(rented(func(i *vastapi.Instance) { i.PublicIP = safetext.New(ip) }), "127.0.0.1", "::1", "box.test")
		if !got.Direct.Given() {
			t.Errorf("%s was allowed and not taken", ip)
		}
	}
}

func TestNameIsWithoutTheMarkOfTheRental(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]string{
		"train vx-abcdefghijkl": "train", "vx-abcdefghijkl": "", "train": "train", "vx-short": "vx-short",
		"trainvx-abcdefghijkl": "trainvx-abcdefghijkl", "": "", "a vx-abcdefghijk1": "a vx-abcdefghijk1",
	} {
		if got := remote.TargetOf(rented(func(i *vastapi.Instance) { i.Label = safetext.New(label) })).Name; got != want {
			t.Errorf("%q: got %q, want %q", label, got, want)
		}
	}
}

func TestPublicAddressesAndThoseOfExamplesAreTaken(t *testing.T) {
	t.Parallel()
	for _, ip := range []string{"8.8.8.8", "100.63.0.1", "100.128.0.1", "198.17.0.1", "198.20.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.7", "2001:db8::7", "2606:4700::1111", "2a01:4f8::1", "::ffff:8.8.8.8"} {
		if got := remote.TargetOf(rented(func(i *vastapi.Instance) { i.PublicIP = safetext.New(ip) })); !got.Direct.Given() {
			t.Errorf("%s was refused", ip)
		}
	}
}
