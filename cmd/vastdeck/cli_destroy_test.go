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
	"sync/atomic"
	"testing"
	"time"

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

// TestASlowReadingIsNotTheLastOne has the first reading of who holds a volume take longer
// than its instance is waited for: what it says is old by then.
func TestASlowReadingIsNotTheLastOne(t *testing.T) {
	t.Parallel()
	world := vastsim.New(vastsim.WithKey(scriptKey), vastsim.WithQuietMarket(), vastsim.WithSpeed(haste))
	handler := world.Handler()
	var before atomic.Pointer[httptest.ResponseRecorder] // who held it before the destroy
	var destroyed atomic.Bool
	var reads atomic.Int32 // of the volumes, after that
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		switch volumes := r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/api/v0/volumes"); {
		case r.Method == http.MethodDelete:
			destroyed.Store(true)
		case volumes && !destroyed.Load():
			before.Store(answer)
		case volumes && reads.Add(1) == 1:
			answer = before.Load()
			<-time.After(2 * freed * hasty().pace.policy.Pace)
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(func() { server.Close(); world.Close() })
	volume, instance := "", ""
	for _, v := range world.Volumes() {
		if len(v.Instances) == 1 {
			volume, instance = strconv.FormatInt(v.ID, 10), strconv.FormatInt(v.Instances[0], 10)
		}
	}
	p := play(t, server.URL, nil, "destroy", instance, "vol-"+volume, "--yes")
	if n := reads.Load(); n < 2 || p.code != exitDone {
		t.Errorf("the volumes were read %d times; it ended with %d, %s", n, p.code, p.stderr)
	}
}
