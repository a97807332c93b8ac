package tuitest_test

import (
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/vastsim"
)

// The scenes are the pictures of the README: each is played like any other
// scenario, and the test fails when the screen is not the one in screenshots/.

func TestSceneMarket(t *testing.T) {
	t.Parallel()
	play(t, 140, 36, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("4090 num_gpus>=2 reliability>0.98")
		d.Wait(8 * time.Second)
		d.Press("enter", "down", "down")
		d.Scene("market")
	})
}

func TestSceneDetail(t *testing.T) {
	t.Parallel()
	play(t, 170, 40, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("H100")
		d.Wait(8 * time.Second)
		d.Press("enter", "enter")
		d.Scene("detail")
	})
}

func TestSceneRentForm(t *testing.T) {
	t.Parallel()
	play(t, 150, 42, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("4090 num_gpus=1")
		d.Press("enter", "r")
		d.Wait(5 * time.Second) // the templates
		d.Press("down", "down", "enter", "tab", "tab", "tab", "tab", "tab", "ctrl+u")
		d.Type("sdxl-lora")
		d.Press("tab")
		d.Type("-e HF_HOME=/data -p 7860:7860")
		d.Scene("rent-form")
	})
}

func TestSceneRent(t *testing.T) {
	t.Parallel()
	play(t, 140, 44, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("4090 num_gpus=1")
		d.Press("enter", "r", "tab", "tab", "tab", "tab", "tab", "ctrl+u")
		d.Type("40")
		d.Press("tab", "ctrl+u")
		d.Type("sdxl-lora")
		d.Press("ctrl+s")
		d.UntilHas(20*time.Second, "tab switches")
		d.Press("tab")
		d.Wait(time.Second)
		d.Scene("rent")
	})
}

func TestSceneFleet(t *testing.T) {
	t.Parallel()
	play(t, 140, 44, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("3090 num_gpus=1")
		d.Press("enter", "space", "down", "space", "down", "space", "down", "space", "r")
		d.Has("how many")
		d.Press("shift+tab", "shift+tab", "shift+tab", "shift+tab", "shift+tab", "shift+tab", "ctrl+u")
		d.Type("3")
		d.Press("ctrl+s")
		d.UntilHas(20*time.Second, "tab switches")
		d.Press("tab")
		d.Wait(time.Second)
		d.Scene("fleet")
	})
}

func TestSceneCompare(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("num_gpus=1 gpu_ram>=24 reliability>0.99")
		d.Wait(8 * time.Second)
		d.Press("enter", "space", "down", "down", "space", "down", "down", "down", "space", "=")
		d.Wait(time.Second)
		d.Scene("compare")
	})
}

func TestSceneComplete(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Wait(3 * time.Second)
		d.Type("dph<0.5 rel")
		d.Wait(time.Second)
		d.Scene("complete")
	})
}

func TestSceneActivity(t *testing.T) {
	t.Parallel()
	play(t, 140, 30, func(d *deck) {
		d.loaded()
		d.openRent("sdxl-lora")
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(30*time.Second, "rented: instance")
		d.Wait(10 * time.Second)
		d.Press("7")
		d.Wait(2 * time.Second)
		d.Press("enter")
		d.Wait(time.Second)
		d.Scene("activity")
	}, vastsim.WithStartup(3*time.Minute))
}

func TestSceneInstances(t *testing.T) {
	t.Parallel()
	play(t, 140, 36, func(d *deck) {
		d.loaded()
		d.openRent("sdxl-lora")
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(30*time.Second, "rented: instance")
		d.Until(5*time.Minute, func(s string) bool { return strings.Contains(row(s, "sdxl-lora"), "LOADING") })
		d.Press("enter")
		d.Wait(6 * time.Second)
		d.Scene("instances")
	}, vastsim.WithStartup(3*time.Minute))
}

func TestSceneDestroy(t *testing.T) {
	t.Parallel()
	play(t, 140, 36, func(d *deck) {
		d.loaded()
		d.Press("2", "space", "down", "down", "space", "D")
		d.Wait(time.Second)
		d.Type("destroy 2")
		d.Scene("destroy")
	})
}
