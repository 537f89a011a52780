package dev.apikeys.management;

import dev.apikeys.KeyKind;
import dev.apikeys.KeySpec;
import dev.apikeys.Mode;
import dev.apikeys.Owner;
import dev.apikeys.testservers.ServletServer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The families of the contract, with what tests of all of them need to know of each. */
enum ManagedFamily {
    PERSONAL("/me/api-keys", "alice@org_1", "bob@org_2 bob@org_1 alice@org_2 alice") {
        @Override
        ManagementServlet.Builder serve(ManagementServlet.Builder servlet, ManagementWorld world) {
            return servlet.personalKeys(world::prove);
        }

        @Override
        Family family(ManagementWorld world) {
            return Family.personal(world.keys, StepUpCheck.by(world::prove));
        }

        @Override
        KeySpec spec(String user, String organization) {
            return KeySpec.of(KeyKind.PERSONAL, Owner.user(user, organization)).mode(Mode.READ);
        }

        @Override
        String fault(int status) {
            return status == 500
                    ? "{\"code\":500,\"message\":\"internal server error\",\"data\":null}"
                    : "{\"code\":503,\"message\":\"service unavailable\",\"data\":null}";
        }
    },
    WORKSPACE("/api/v1/user/api-keys", "alice@org_1", "bob@org_2 bob@org_1") {
        @Override
        ManagementServlet.Builder serve(ManagementServlet.Builder servlet, ManagementWorld world) {
            return servlet.workspaceKeys(world.catalogue);
        }

        @Override
        Family family(ManagementWorld world) {
            return Family.workspace(world.keys, StepUpCheck.none(), world.catalogue);
        }

        @Override
        KeySpec spec(String user, String organization) {
            return KeySpec.of(KeyKind.WORKSPACE, new Owner(user, organization, null))
                    .scopes("read:systems");
        }

        @Override
        String fault(int status) {
            return status == 500
                    ? "{\"code\":500,\"detail\":\"Internal server error\",\"type\":\"app_error\"}"
                    : "{\"code\":503,\"detail\":\"Service unavailable\",\"type\":\"upstream_error\"}";
        }
    },
    TENANT("/api/api-keys", "alice@org_1", "bob@org_2 alice@org_2 alice") {
        @Override
        ManagementServlet.Builder serve(ManagementServlet.Builder servlet, ManagementWorld world) {
            return servlet.tenantKeys(world.catalogue);
        }

        @Override
        Family family(ManagementWorld world) {
            return Family.tenant(world.keys, StepUpCheck.none(), world.catalogue, caller -> List.of());
        }

        @Override
        KeySpec spec(String user, String organization) {
            return KeySpec.forOrganization(organization).scopes("read:systems");
        }

        @Override
        String fault(int status) {
            return ManagedFamily.faultOfC(status);
        }
    },
    ADMINISTRATION("/api/admin/api-keys", "root@org_root!", "bob@org_1 alice@org_1") {
        @Override
        ManagementServlet.Builder serve(ManagementServlet.Builder servlet, ManagementWorld world) {
            return servlet.administration();
        }

        @Override
        Family family(ManagementWorld world) {
            return Family.administration(world.keys);
        }

        @Override
        KeySpec spec(String user, String organization) {
            return PERSONAL.spec(user, organization);
        }

        @Override
        String fault(int status) {
            return ManagedFamily.faultOfC(status);
        }
    };

    /** Where it is mounted. */
    final String mount;

    /** Somebody who sees the keys of alice in org_1 here. */
    final String insider;

    private final String outsiders;

    ManagedFamily(String mount, String insider, String outsiders) {
        this.mount = mount;
        this.insider = insider;
        this.outsiders = outsiders;
    }

    /** People who don't see them. */
    List<String> outsiders() {
        return List.of(outsiders.split(" "));
    }

    abstract ManagementServlet.Builder serve(ManagementServlet.Builder servlet, ManagementWorld world);

    abstract Family family(ManagementWorld world);

    /** A key of the family, for this user and in this organization, as far as its kind goes; no name yet. */
    abstract KeySpec spec(String user, String organization);

    /** The body of a 500 or a 503. */
    abstract String fault(int status);

    /** Tells whether keys of this owner are the session's own, in this family. */
    boolean isOwn(Owner owner, Caller.Session session) {
        return switch (this) {
            case PERSONAL -> owner.equals(session.owner());
            case WORKSPACE -> session.user().equals(owner.user());
            case TENANT ->
                owner.user() == null && session.organization().equals(Optional.ofNullable(owner.organization()));
            case ADMINISTRATION -> false;
        };
    }

    boolean creates() {
        return this != ADMINISTRATION;
    }

    /** Every family in every container. */
    static Stream<Arguments> everywhere() {
        return Arrays.stream(ServletServer.Container.values())
                .flatMap(container -> Arrays.stream(values()).map(family -> Arguments.of(container, family)));
    }

    private static String faultOfC(int status) {
        return status == 500
                ? "{\"error\":\"internal_error\",\"message\":\"Internal server error\"}"
                : "{\"error\":\"service_unavailable\",\"message\":\"Service unavailable\"}";
    }
}
