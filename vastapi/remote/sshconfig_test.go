package remote_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

func named(id vastapi.InstanceID, name string) remote.Target {
	t := target()
	t.Instance, t.Name = id, name
	return t
}

func TestManagedConfiguration(t *testing.T) {
	t.Parallel()
	onlyProxy, onlyDirect, none := named(3, "only proxy"), named(4, "Only Direct!"), named(5, "none")
	onlyProxy.Direct, onlyDirect.Proxy = remote.Endpoint{}, remote.Endpoint{}
	none.Direct, none.Proxy = remote.Endpoint{}, remote.Endpoint{}
	stopped := named(6, "")
	stopped.Running, stopped.Refused = false, "It is not running. Start it first."
	targets := []remote.Target{onlyDirect, named(42, "train"), stopped, onlyProxy, none, named(42, "train")}
	golden(t, "config.golden", fixed(t).RenderConfig(targets))
	odd := fixed(t, func(o *remote.Options) {
		o.Dir, o.KnownHosts, o.Identity, o.User = "/run/us er/100%", "/home/A User/known", "/home/A User/id", "ubuntu"
	})
	golden(t, "config-paths.golden", odd.RenderConfig([]remote.Target{named(42, "train")}))
}

func TestNoTwoInstancesShareAName(t *testing.T) {
	t.Parallel()
	names := remote.HostNames([]remote.Target{
		named(1, "train"), named(2, "Train"), named(3, "train-1"), named(4, "1"), named(5, "42-proxy"), named(6, "näh ☃ ok"), named(7, "☃"),
		named(8, ""), named(9, "--a--b--"), named(10, strings.Repeat("long ", 30)), named(11, "-oProxyCommand=x"), named(12, "name-1"),
	})
	want := map[vastapi.InstanceID][]string{
		1: {"vast-1", "vast-train-1-1"}, 2: {"vast-2", "vast-train-2"}, 3: {"vast-3", "vast-train-1-3"}, 4: {"vast-4", "vast-name-1-4"},
		5: {"vast-5", "vast-name-42-proxy"}, 6: {"vast-6", "vast-n-h-ok"}, 7: {"vast-7"}, 8: {"vast-8"}, 9: {"vast-9", "vast-a-b"},
		10: {"vast-10", "vast-" + strings.Repeat("long-", 8) + "l"}, 11: {"vast-11", "vast-oproxycommand-x"},
		12: {"vast-12", "vast-name-1-12"},
	}
	for id, w := range want {
		if !slices.Equal(names[id], w) {
			t.Errorf("%d: got %v, want %v", id, names[id], w)
		}
	}
}

func TestConfigurationIsWrittenWholeAndOnlyWhenItChanges(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	for n, c := range []struct {
		targets []remote.Target
		changes bool
	}{
		{[]remote.Target{named(1, "a"), named(2, "b")}, true},
		{[]remote.Target{named(2, "b"), named(1, "a")}, false},
		{[]remote.Target{named(2, "b")}, true},
		{nil, true},
		{nil, false},
	} {
		changed, err := h.WriteConfig(c.targets)
		data, readErr := os.ReadFile(h.options.ConfigFile)
		if changed != c.changes || err != nil || readErr != nil || string(data) != h.RenderConfig(c.targets) {
			t.Errorf("%d: got %v, %v, %v", n, changed, err, readErr)
		}
	}
	if info, err := os.Stat(h.options.ConfigFile); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	must(t, h.RemoveConfig())
	if _, err := os.Lstat(h.options.ConfigFile); err == nil {
		t.Error("the file is still there")
	}
	must(t, h.RemoveConfig())
}

func FuzzConfigurationStaysWhole(f *testing.F) {
	for _, p := range payloads {
		f.Add(p, p, 22, int64(42))
	}
	f.Add("train", "ssh6.vast.ai", 10042, int64(-1))
	f.Fuzz(func(t *testing.T, name, host string, port int, id int64) {
		c := fixed(t)
		e := remote.Endpoint{Way: remote.Direct, Host: host, Port: port}
		one := remote.Target{Instance: vastapi.InstanceID(id), Name: name, Direct: e, Proxy: proxy}
		two := remote.Target{Instance: vastapi.InstanceID(id) + 1, Name: name, Proxy: e}
		inspectConfig(t, c.RenderConfig([]remote.Target{one, two, named(42, "42"), named(43, "proxy"), named(44, "train-42")}))
	})
}

func TestNamesOfTwoProfilesDiffer(t *testing.T) {
	t.Parallel()
	list := []remote.Target{named(7, "train")}
	plain, work := fixed(t), fixed(t, func(o *remote.Options) { o.Alias = "Work\nHost *@api.example" })
	if got := plain.HostNames(list)[7]; !slices.Equal(got, []string{"vast-7", "vast-train"}) {
		t.Errorf("the usual profile: %v", got)
	}
	if got := work.HostNames(list)[7]; !slices.Equal(got, []string{"vast-work-host-api-example.7", "vast-work-host-api-example.train"}) {
		t.Errorf("another one: %v", got)
	}
	text := work.RenderConfig(list)
	if !strings.Contains(text, "\nHost vast-work-host-api-example.7 vast-work-host-api-example.train\n") || !strings.Contains(text, "\nHost vast-work-host-api-example.7-proxy\n") ||
		strings.Contains(text, "Host vast-train") {
		t.Errorf("got %s", text)
	}
	inspectConfig(t, text)
}
