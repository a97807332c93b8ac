//go:build unix

package main

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/vastsim"
)

// An instance holds a volume when either of the two says so: both lists may be older.
func TestWhoHoldsAVolumeIsAskedOfBoth(t *testing.T) {
	t.Parallel()
	targets := []vastapi.Instance{{ID: 1}, {ID: 2, Volumes: []vastapi.VolumeID{8}}, {ID: 3, Volumes: []vastapi.VolumeID{7}}, {ID: 4}}
	volumes := []vastapi.Volume{{ID: 7, Instances: []vastapi.InstanceID{1, 5}}, {ID: 8, Instances: []vastapi.InstanceID{4}}}
	e := errand{desk: rental.Desk{Volumes: volumes, Leaving: []vastapi.VolumeID{7}}}
	e.leave(targets)
	if !slices.Equal(e.holders, []vastapi.InstanceID{1, 3}) {
		t.Errorf("%v are waited for", e.holders)
	}
	if v := e.desk.Volumes; !slices.Equal(v[0].Instances, []vastapi.InstanceID{5}) || len(v[1].Instances) != 0 || len(volumes[0].Instances) != 2 {
		t.Errorf("%+v is left, of %+v", v, volumes)
	}
}

// TestAVolumeStaysWhileItsInstanceIsStillThere has a server say yes to a destroy that it
// does not carry out.
func TestAVolumeStaysWhileItsInstanceIsStillThere(t *testing.T) {
	t.Parallel()
	world := vastsim.New(vastsim.WithKey(scriptKey), vastsim.WithQuietMarket())
	handler := world.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete && strings.HasPrefix(r.URL.Path, "/api/v0/instances/") {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"success": true}`)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { server.Close(); world.Close() })
	volume, instance := "", ""
	for _, v := range world.Volumes() {
		if len(v.Instances) == 1 {
			volume, instance = strconv.FormatInt(v.ID, 10), strconv.FormatInt(v.Instances[0], 10)
		}
	}
	if volume == "" {
		t.Fatal("no volume of this world is held")
	}
	dir := t.TempDir()
	cmd := exec.Command(programName, "destroy", instance, "vol-"+volume, "--yes")
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_STATE_HOME="+dir+"/state", "XDG_CONFIG_HOME="+dir+"/config", "XDG_RUNTIME_DIR="+dir+"/run",
		"DBUS_SESSION_BUS_ADDRESS=unix:path="+dir+"/no-bus", "VAST_URL="+server.URL, "VAST_API_KEY="+scriptKey)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() == exitDone {
		t.Errorf("it ended with %v", err)
	}
	if !strings.Contains(stderr.String(), "not tried, nothing was sent") {
		t.Errorf("it said %s", stderr.String())
	}
	if calls := world.Calls(http.MethodDelete, "/api/v0/volumes/"); len(calls) != 0 {
		t.Errorf("the volume was deleted: %v", calls)
	}
}
