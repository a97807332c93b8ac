package tuitest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/remote"
)

func TestSceneInstance(t *testing.T) {
	t.Parallel()
	play(t, 170, 44, func(d *deck) {
		d.loaded()
		d.pick(d.upAndRunning())
		d.Press("esc")
		d.Wait(40 * time.Minute) // so that there is something to draw of its use
		d.Press("enter")
		d.Wait(time.Second)
		d.Scene("instance")
	})
}

func TestSceneLogs(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.Press("2", "*", "l")
		d.UntilHas(time.Minute, "loss")
		d.Wait(44 * time.Second)
		d.Scene("logs")
	})
}

func TestSceneRun(t *testing.T) {
	t.Parallel()
	overSSH(t, 140, 26, func(d *deck, s *sshd) {
		usual := s.Answer
		s.Answer = func(c remote.Command) (remote.Reply, bool) {
			if line := strings.Join(c.Args, " "); strings.Contains(line, "nvidia-smi") {
				n := 0
				for _, c := range line[strings.Index(line, "HostKeyAlias=vast-"):][:26] {
					n = (n*31 + int(c)) % 40
				}
				return remote.Reply{Out: fmt.Sprintf("name, utilization.gpu [%%], memory.used [MiB]\nNVIDIA GeForce RTX 4090, %d %%, %d MiB\n", 40+n, 11264+n*137)}, true
			}
			return usual(c)
		}
		d.loaded()
		d.Press("2", "*", "e")
		d.Type("nvidia-smi --query-gpu=name,utilization.gpu,memory.used --format=csv")
		d.Press("enter", "space", "enter")
		d.UntilHas(20*time.Second, "4 exit 0")
		d.Press(".", ".") // all of them, merged, stand in the order of their answers
		d.Wait(time.Second)
		d.Scene("run")
	})
}

func TestSceneSessions(t *testing.T) {
	t.Parallel()
	overSSH(t, 150, 26, func(d *deck, s *sshd) {
		d.loaded()
		d.pick(d.upAndRunning())
		for _, port := range []string{"8888", "6006"} {
			d.Press("f")
			d.Press("ctrl+u")
			d.Type(port)
			d.Press("ctrl+s")
			d.UntilHas(30*time.Second, "is up: http://127.0.0.1:"+port)
		}
		d.Wait(10 * time.Minute)
		d.Press("6", "/")
		d.Type("tunnel")
		d.Press("enter", "g")
		d.Wait(10 * time.Second)
		d.Scene("sessions")
	})
}

func TestSceneDoctor(t *testing.T) {
	t.Parallel()
	overSSH(t, 140, 26, func(d *deck, s *sshd) {
		d.loaded()
		d.pick(d.upAndRunning())
		s.silence("direct")
		d.Press("d")
		d.UntilHas(time.Minute, "in short")
		d.Wait(10 * time.Second)
		d.Scene("doctor")
	})
}
