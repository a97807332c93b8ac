//go:build benchpty && linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"time"
)

// cpu is the processor time that a process has used.
func (b *bench) cpu(pid int) time.Duration {
	b.t.Helper()
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		b.t.Fatal(err)
	}
	// After the command in brackets, utime and stime are the 12th and 13th field.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	var ticks int
	for _, field := range fields[11:13] {
		n, err := strconv.Atoi(string(field))
		if err != nil {
			b.t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / tickRate
}

// memory is how much of a process is resident, in MB.
func (b *bench) memory(pid int) float64 { return b.status(pid, "VmRSS") }

// mostMemory is how much of a process was resident at any time, in MB.
func (b *bench) mostMemory(pid int) float64 { return b.status(pid, "VmHWM") }

var sizeLine = regexp.MustCompile(`(?m)^(\w+):\s+(\d+) kB$`)

// status is a size that the kernel tells of a process, in MB.
func (b *bench) status(pid int, name string) float64 {
	b.t.Helper()
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		b.t.Fatal(err)
	}
	for _, m := range sizeLine.FindAllSubmatch(status, -1) {
		if string(m[1]) != name {
			continue
		}
		kilobytes, err := strconv.Atoi(string(m[2]))
		if err != nil {
			b.t.Fatal(err)
		}
		return float64(kilobytes) / 1000
	}
	b.t.Fatalf("no %s in the status of process %d", name, pid)
	return 0
}

// load prints what else this machine does: figures are true of a machine that is
// otherwise idle, that is when the load is well below the number of its processors.
func (b *bench) load() {
	b.t.Helper()
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		b.t.Fatal(err)
	}
	var last float64
	if _, err := fmt.Sscan(string(text), &last); err != nil {
		b.t.Fatalf("read the load of this machine: %v", err)
	}
	fmt.Printf("load of the last minute %s on %d processors\n", number(last), runtime.NumCPU())
}
