package dev.apikeys.nulls;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Calls the public constructors and methods of a module's packages with null for one parameter at a time. Each call must
 * fail with a {@link NullPointerException} whose message is the name of the parameter. Parameters that are marked
 * {@code @Nullable} are left out.
 */
public final class NullArguments {
    private final Samples samples;
    private final List<String> wrong = new ArrayList<>();
    private int calls;

    /** A check with these values for what isn't to be null. */
    public NullArguments(Samples samples) {
        this.samples = samples;
    }

    /**
     * What is wrong, one line for each parameter; empty when nothing is.
     *
     * @param module a class of the module
     * @param wanted which of its public types to look at
     */
    public List<String> check(Class<?> module, Predicate<Class<?>> wanted) {
        PublicTypes.of(module).stream().filter(wanted).forEach(this::checkType);
        if (calls == 0) {
            wrong.add("no call was made");
        }
        return List.copyOf(wrong);
    }

    private void checkType(Class<?> type) {
        if (!Modifier.isAbstract(type.getModifiers())) {
            Stream.of(type.getConstructors()).forEach(this::checkParameters);
        }
        Stream.of(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers())
                        && !Modifier.isAbstract(method.getModifiers())
                        && !method.isSynthetic()
                        && !isGiven(method))
                .forEach(this::checkParameters);
    }

    /** What the language or the platform defines. */
    private static boolean isGiven(Method method) {
        return method.getName().equals("equals")
                || (method.getDeclaringClass().isEnum() && method.getName().equals("valueOf"));
    }

    private void checkParameters(Executable called) {
        Parameter[] parameters = called.getParameters();
        for (int i = 0; i < parameters.length; i++) {
            if (!parameters[i].getType().isPrimitive()
                    && !parameters[i].getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                checkParameter(called, i);
            }
        }
    }

    private void checkParameter(Executable called, int index) {
        Parameter parameter = called.getParameters()[index];
        String what = called.getDeclaringClass().getName() + "." + called.getName() + ", " + parameter;
        if (!parameter.isNamePresent()) {
            wrong.add(what + ": compiled without names of parameters");
            return;
        }
        calls++;
        try {
            call(called, index);
            wrong.add(what + ": accepted null");
        } catch (InvocationTargetException thrown) {
            Throwable cause = thrown.getCause();
            if (!(cause instanceof NullPointerException) || !parameter.getName().equals(cause.getMessage())) {
                wrong.add(what + ": " + cause);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException failure) {
            wrong.add(what + ": " + failure);
        }
    }

    private void call(Executable called, int nullIndex) throws ReflectiveOperationException {
        Parameter[] parameters = called.getParameters();
        @Nullable Object[] arguments = new Object[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            arguments[i] = i == nullIndex ? null : samples.of(parameters[i].getType());
        }
        if (called instanceof Constructor<?> constructor) {
            constructor.newInstance(arguments);
        } else {
            Method method = (Method) called;
            boolean isStatic = Modifier.isStatic(method.getModifiers());
            method.invoke(isStatic ? null : samples.of(method.getDeclaringClass()), arguments);
        }
    }
}
