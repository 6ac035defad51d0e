package main

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/spf13/pflag"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	cliflag "k8s.io/component-base/cli/flag"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/cmd/kube-apiserver/app/options"
)

// listen takes a port before anything is told its number, so that nobody else can take it in between.
func listen() (net.Listener, error) { return net.Listen("tcp4", "127.0.0.1:0") }

func startAPIServer(etcd string, listener net.Listener, files files) (part, error) {
	server := options.NewServerRunOptions()
	if err := parse(server.Flags(),
		"--etcd-servers="+etcd,
		"--bind-address=127.0.0.1",
		// Published nowhere, see the reconciler; without it the server looks for an address of the machine, which may have none.
		"--advertise-address=192.0.2.1",
		"--endpoint-reconciler-type=none",
		"--service-cluster-ip-range=10.96.0.0/16",
		"--tls-cert-file="+files.servingCertificate,
		"--tls-private-key-file="+files.servingKey,
		"--token-auth-file="+files.tokens,
		"--authorization-mode=RBAC",
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file="+files.serviceAccountPublicKey,
		"--service-account-signing-key-file="+files.serviceAccountKey,
		"--audit-policy-file="+files.auditPolicy,
		"--audit-log-path="+files.auditLog,
		// That a privileged container is refused must be our doing.
		"--allow-privileged=true",
		"--profiling=false",
	); err != nil {
		return part{}, err
	}
	server.SecureServing.Listener = listener
	server.SecureServing.BindPort = listener.Addr().(*net.TCPAddr).Port

	// One registry of feature gates per process: the controllers, which start later, find it set.
	if err := server.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return part{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	completed, err := server.Complete(ctx)
	if err != nil {
		return part{}, err
	}
	if problems := completed.Validate(); len(problems) > 0 {
		return part{}, utilerrors.NewAggregate(problems)
	}
	return startPart(func(ctx context.Context) error { return apiserver.Run(ctx, completed) }), nil
}

func parse(sets cliflag.NamedFlagSets, arguments ...string) error {
	all := pflag.NewFlagSet("", pflag.ContinueOnError)
	for _, set := range sets.FlagSets {
		all.AddFlagSet(set)
	}
	return all.Parse(arguments)
}

// waitUntilReady asks /readyz, which the API server says yes to once its roles and its own objects are there.
func waitUntilReady(ctx context.Context, files files, server part) error {
	config, err := clientcmd.BuildConfigFromFlags("", files.adminKubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	deadline := time.After(startTimeout)
	for {
		if client.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error() == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-server.ended:
			return errors.Join(errors.New("kube-apiserver ended before it was ready"), err)
		case <-deadline:
			return errors.New("kube-apiserver was not ready in time")
		case <-time.After(50 * time.Millisecond):
		}
	}
}
