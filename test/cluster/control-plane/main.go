// Command control-plane is a Kubernetes control plane in one process: etcd, kube-apiserver and kube-controller-manager,
// from Kubernetes' own modules, on one free loopback port. There is no scheduler and no kubelet: the tests play both.
//
// When it is ready it prints one line of JSON (type ready) to stdout. It ends on SIGTERM, on SIGINT and when its stdin
// closes, so that it cannot outlive whoever started it, and takes its directory with it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

const (
	startTimeout = 2 * time.Minute
	// Everything here is thrown away: whoever does not stop by then is left behind.
	stopTimeout = 5 * time.Second
)

type ready struct {
	// A kubeconfig of a cluster administrator, token and CA inline.
	Kubeconfig string `json:"kubeconfig"`
	// One JSON object (audit.k8s.io/v1 Event) per request and line.
	AuditLog string `json:"auditLog"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "control-plane:", err)
		os.Exit(1)
	}
}

func run() error {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	// Whoever read our output may be gone, too: a line that nobody hears must not be our end before we have cleaned up.
	signal.Ignore(syscall.SIGPIPE)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()

	directory, err := os.MkdirTemp("", "control-plane-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)

	etcd, err := startEtcd(directory)
	if err != nil {
		return fmt.Errorf("etcd: %w", err)
	}
	defer etcd.Close()

	listener, err := listen()
	if err != nil {
		return err
	}
	files, err := writeFiles(directory, "https://"+listener.Addr().String())
	if err != nil {
		return err
	}

	// Clients name themselves after the program, and managedFields after the client: the tests expect the customary names.
	os.Args[0] = "kube-apiserver"
	apiServer, err := startAPIServer(etcd.endpoint, listener, files)
	if err != nil {
		return fmt.Errorf("kube-apiserver: %w", err)
	}
	defer apiServer.stop()
	if err := waitUntilReady(ctx, files, apiServer); err != nil {
		return err
	}
	os.Args[0] = "kube-controller-manager"
	controllers, err := startControllers(files)
	if err != nil {
		return fmt.Errorf("kube-controller-manager: %w", err)
	}
	// Deferred calls run backwards: the controllers go first, as long as there is an API server to talk to.
	defer controllers.stop()

	line, err := json.Marshal(ready{Kubeconfig: files.adminKubeconfig, AuditLog: files.auditLog})
	if err != nil {
		return err
	}
	fmt.Println(string(line))

	select {
	case <-ctx.Done():
		return nil
	case err := <-apiServer.ended:
		return fmt.Errorf("kube-apiserver ended: %w", err)
	case err := <-controllers.ended:
		return fmt.Errorf("kube-controller-manager ended: %w", err)
	}
}

// part is a component that runs until its context ends.
type part struct {
	cancel context.CancelFunc
	ended  chan error
}

func startPart(run func(context.Context) error) part {
	ctx, cancel := context.WithCancel(context.Background())
	started := part{cancel: cancel, ended: make(chan error, 1)}
	go func() { started.ended <- run(ctx) }()
	return started
}

func (p part) stop() {
	p.cancel()
	select {
	case <-p.ended:
	case <-time.After(stopTimeout):
	}
}

func in(directory, name string) string { return filepath.Join(directory, name) }
