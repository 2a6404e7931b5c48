package io.kubeipvs.proxy.inspect.json;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What there is to know of a record: its members and how to make one.
 *
 * @param single whether it is written as its only component: a name, a number
 * @param members of the types as declared, type variables in them
 */
record Shape(Constructor<?> constructor, boolean single, List<Member> members) {

  /** One component. */
  record Member(String name, Type type, Method accessor) {
    Object get(Object value) {
      try {
        return accessor.invoke(value);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException(accessor.toString(), e);
      }
    }
  }

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return make(type);
        }
      };

  static Shape of(Class<?> record) {
    return SHAPES.get(record);
  }

  private static Shape make(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      List<Member> members =
          Arrays.stream(components)
              .map(c -> new Member(c.getName(), c.getGenericType(), c.getAccessor()))
              .toList();
      boolean single = components.length == 1 && sealedParent(type) == null;
      return new Shape(type.getDeclaredConstructor(types), single, members);
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException(type + " is no record", e);
    }
  }

  /** The sealed interface whose kinds are told apart by name; null for other records. */
  static @Nullable Class<?> sealedParent(Class<?> record) {
    return Arrays.stream(record.getInterfaces()).filter(Class::isSealed).findFirst().orElse(null);
  }

  Object make(@Nullable Object... values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(
          constructor.getDeclaringClass().getSimpleName() + ": " + e.getCause(), e);
    } catch (InstantiationException | IllegalAccessException e) {
      throw new IllegalStateException(constructor.toString(), e);
    }
  }

  /** What the type variables in the members stand for in {@code type}. */
  static Map<TypeVariable<?>, Type> variables(Type type) {
    Map<TypeVariable<?>, Type> variables = new HashMap<>();
    if (type instanceof ParameterizedType given) {
      TypeVariable<?>[] names = ((Class<?>) given.getRawType()).getTypeParameters();
      for (int i = 0; i < names.length; i++) {
        variables.put(names[i], given.getActualTypeArguments()[i]);
      }
    }
    return variables;
  }
}
